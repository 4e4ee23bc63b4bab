package sig

import "time"

// Unit is a unit of staff under one branch. A consent names unit and function.
type Unit struct {
	ID        UnitID
	Branch    BranchID
	Authority AuthorityID
	Name      string
	Districts []DistrictID // empty: those of the authority
}

// Place is one function in one unit, with everything about its authority and
// branch that borders and secrecy depend on. A private person who receives by
// consent is a Place without an authority; a foreign authority is Foreign.
type Place struct {
	Authority   AuthorityID
	Kind        AuthorityKind
	PublicBody  bool
	Foreign     bool // OSL 8:3: outside Sweden
	Branch      BranchID
	Independent bool // of the branch, by recorded decision
	Regime      SecrecyRegime
	Unit        UnitID
	Function    Function
	Districts   []DistrictID // as they take effect; empty means no limit
}

// Seat is the function of the place, as rows of a consent name it.
func (p *Place) Seat() Seat { return Seat{Authority: p.Authority, Unit: p.Unit, Function: p.Function} }

// FunctionMove is a function's recorded move from one unit to another. Inside
// one authority consents follow it; out of it, the rows that name the function
// end (OSL 8:1). They never follow a person to another board.
type FunctionMove struct {
	Authority AuthorityID
	Function  Function
	From, To  UnitID
	At        time.Time
}
