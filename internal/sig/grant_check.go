package sig

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// GrantLimits are the configurable bounds of a row.
type GrantLimits struct {
	Months      int // the longest window, in calendar months
	AdditionMax int // characters of what the coordinator adds to a purpose
	NameMax     int // characters of a private recipient's name
	RowsMax     int
	ExcludesMax int
}

// DefaultGrantLimits are the bounds where nothing else is configured: six
// months, as domain 3.1 says.
func DefaultGrantLimits() GrantLimits {
	return GrantLimits{Months: 6, AdditionMax: 500, NameMax: 200, RowsMax: 60, ExcludesMax: 60}
}

// GrantFault is one thing that makes a row invalid: the field of the form, the
// message key and what the words need.
type GrantFault struct {
	Field string // such as "grants.2.categories"; rows count from 1, as pages number them
	Code  string // such as "error.grant_no_categories"
	Args  map[string]any
}

// GrantFacts are what the check of a matrix rests on besides the matrix.
type GrantFacts struct {
	Now            time.Time
	Limits         GrantLimits
	Place          func(UnitID, Function) (Place, bool)
	Leaves         func(Seat) time.Time // when a function goes to another authority; zero when it stays
	BoardDistrict  []DistrictID         // those of the board that holds the intervention
	PrivateNames   map[int]string
	District       func(DistrictID) (District, bool)
	KnownAuthority func(AuthorityID) bool
	Alone          []Category // over which the youth disposes alone: no row of everybody's names them
	// Continues is set for a version that is to follow one in force: its rows
	// may not begin later than now, or the change would leave a gap.
	Continues bool
	// Imported is set for a consent that was given on paper before the portal
	// (T09): economic aid and adult addiction care get nothing from it.
	Imported bool
}

// CheckMatrix lists everything that makes a matrix invalid (domain 3.1). All
// of it is hard: with one fault left, nobody can sign.
func CheckMatrix(m Matrix, f GrantFacts) []GrantFault {
	c := grantCheck{facts: f}
	if len(m.Grants) == 0 {
		c.fail("grants", "error.grants_missing")
	}
	if len(m.Grants) > f.Limits.RowsMax {
		c.fail("grants", "error.grants_too_many", "max", f.Limits.RowsMax)
	}
	for i, g := range m.Grants {
		c.row = i + 1
		c.grant(g)
	}
	if len(m.Exclusions) > f.Limits.ExcludesMax {
		c.fail("exclusions", "error.exclusions_too_many", "max", f.Limits.ExcludesMax)
	}
	for i, x := range m.Exclusions {
		c.exclusion(fmt.Sprintf("exclusions.%d.", i+1), x)
	}
	return c.faults
}

// left reports whether a function has gone to another authority: nobody can be
// named in it any more.
func (f *GrantFacts) left(s Seat) bool {
	if f.Leaves == nil {
		return false
	}
	at := f.Leaves(s)
	return !at.IsZero() && !f.Now.Before(at)
}

type grantCheck struct {
	facts  GrantFacts
	row    int
	faults []GrantFault
}

func (c *grantCheck) fail(field, code string, args ...any) {
	f := GrantFault{Field: field, Code: code, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i].(string)] = args[i+1] //nolint:forcetypeassert // the callers below write literals
	}
	c.faults = append(c.faults, f)
}

func (c *grantCheck) failRow(field, code string, args ...any) {
	c.fail(fmt.Sprintf("grants.%d.%s", c.row, field), code, append(args, "row", c.row)...)
}

func (c *grantCheck) grant(g Grant) {
	_, okFrom := c.seat("discloser", g.Discloser)
	switch {
	case g.Private == "":
		recipient, okTo := c.seat("recipient", g.Recipient)
		if okFrom && okTo && g.Discloser == g.Recipient {
			c.failRow("recipient", "error.grant_to_itself")
		}
		if okTo {
			c.districts(g, recipient)
		}
		if okTo && c.facts.Imported && recipient.SocialServices() && recipient.Function == FunctionAddictionCare {
			c.failRow("recipient", "error.grant_not_from_import")
		}
	case !g.Recipient.IsZero():
		c.failRow("recipient", "error.grant_two_recipients")
	default:
		c.private(g)
	}
	c.categories(g)
	c.aim(g.Aim)
	c.window(g)
}

// seat checks one side of a row. "Socialtjänsten" as a whole is no side: the
// function must be named (domain 3.1 row 11).
func (c *grantCheck) seat(side string, s Seat) (Place, bool) {
	switch {
	case s.Unit == "":
		c.failRow(side, "error.grant_no_unit")
		return Place{}, false
	case s.Function == "":
		c.failRow(side, "error.grant_name_the_function")
		return Place{}, false
	case s.Function == FunctionFamilyCounselling:
		c.failRow(side, "error.grant_family_counselling")
		return Place{}, false
	case !s.Function.Consentable():
		c.failRow(side, "error.grant_function_not_consentable", "function", string(s.Function))
		return Place{}, false
	}
	p, ok := c.facts.Place(s.Unit, s.Function)
	switch {
	case !ok, p.Authority != s.Authority:
		c.failRow(side, "error.grant_unknown_unit")
		return Place{}, false
	case c.facts.left(s):
		c.failRow(side, "error.grant_function_left")
		return Place{}, false
	case p.Regime == RegimeFamilyCounselling:
		c.failRow(side, "error.grant_family_counselling")
		return Place{}, false
	}
	return p, true
}

// districts: every district in which the recipient works must be named when it
// is not the board's own (domain 0.2.2); the service adds the board's own.
func (c *grantCheck) districts(g Grant, recipient Place) {
	for _, d := range recipient.Districts {
		if !slices.Contains(g.Districts, d) && !slices.Contains(c.facts.BoardDistrict, d) {
			known, _ := c.facts.District(d)
			c.failRow("districts", "error.grant_name_the_district", "district", known.Name)
		}
	}
	for _, d := range g.Districts {
		if _, known := c.facts.District(d); !known {
			c.failRow("districts", "error.grant_unknown_district")
			return
		}
	}
}

func (c *grantCheck) private(g Grant) {
	if g.Private != PrivateCloseContact && g.Private != PrivateExpert {
		c.failRow("private_kind", "error.choose_one")
	}
	name := strings.TrimSpace(c.facts.PrivateNames[c.row])
	switch {
	case !Writable(name):
		c.failRow("private_name", "error.bad_text")
	case name == "":
		c.failRow("private_name", "error.grant_no_private_name")
	case len([]rune(name)) > c.facts.Limits.NameMax:
		c.failRow("private_name", "error.too_long", "max", c.facts.Limits.NameMax)
	}
}

func (c *grantCheck) categories(g Grant) {
	seen := map[Category]bool{}
	for _, one := range g.Categories {
		if !one.Valid() {
			c.failRow("categories", "error.grant_unknown_category")
			return
		}
		seen[one] = true
	}
	switch {
	case Overlap(g.Categories, c.facts.Alone):
		c.failRow("categories", "error.grant_disposed_alone")
	case len(seen) == 0:
		c.failRow("categories", "error.grant_no_categories")
	case len(seen) == len(categories):
		c.failRow("categories", "error.grant_all_categories")
	}
}

func (c *grantCheck) aim(a Aim) {
	switch {
	case a.Purpose == "":
		c.failRow("purpose", "error.grant_no_purpose")
	case !a.Purpose.Valid():
		c.failRow("purpose", "error.grant_unknown_purpose")
	}
	switch length := len([]rune(strings.TrimSpace(a.Addition))); {
	case !Writable(a.Addition):
		c.failRow("addition", "error.bad_text")
	case length == 0 && a.Purpose == PurposeOther:
		c.failRow("addition", "error.grant_other_needs_words")
	case length > c.facts.Limits.AdditionMax:
		c.failRow("addition", "error.too_long", "max", c.facts.Limits.AdditionMax)
	}
}

func (c *grantCheck) window(g Grant) {
	switch {
	case g.From.IsZero():
		c.failRow("from", "error.grant_no_start")
	case g.To.IsZero():
		c.failRow("to", "error.grant_no_end")
	case !g.From.Before(g.To):
		c.failRow("to", "error.grant_window_backward")
	case g.To.After(AddMonths(g.From, c.facts.Limits.Months)):
		c.failRow("to", "error.grant_window_too_long", "months", c.facts.Limits.Months)
	case !c.facts.Now.Before(g.To):
		c.failRow("to", "error.grant_window_over")
	case g.From.After(AddMonths(c.facts.Now, 12)):
		c.failRow("from", "error.grant_begins_too_far")
	case c.facts.Continues && g.From.After(c.facts.Now):
		c.failRow("from", "error.grant_begins_later")
	}
}

func (c *grantCheck) exclusion(field string, x Exclusion) {
	switch {
	case x.Recipient.IsZero() && x.Category == "":
		c.fail(field+"recipient", "error.exclusion_says_nothing")
	case x.Recipient.Authority != "" && !c.facts.KnownAuthority(x.Recipient.Authority):
		c.fail(field+"recipient", "error.exclusion_unknown_unit")
	case x.Category != "" && !x.Category.Valid():
		c.fail(field+"category", "error.unknown_category")
	case x.Recipient.Function != "" && !x.Recipient.Function.Valid():
		c.fail(field+"recipient", "error.exclusion_unknown_function")
	case x.Recipient.Unit != "":
		if p, ok := c.facts.Place(x.Recipient.Unit, x.Recipient.Function); !ok ||
			x.Recipient.Authority != "" && p.Authority != x.Recipient.Authority {
			c.fail(field+"recipient", "error.exclusion_unknown_unit")
		}
	}
}

// Blank reports whether a reader sees nothing of a text: blanks alone, or
// characters that have no form.
func Blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }) < 0
}

// Writable reports whether a text can be stored and shown as it was written:
// valid, without control characters other than line breaks and tabs, and
// without characters that turn the direction of what follows.
func Writable(text string) bool {
	for _, r := range text {
		switch {
		case r == '\n', r == '\r', r == '\t':
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return false
		}
	}
	return true
}
