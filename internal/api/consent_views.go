package api

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// Consent is an intervention's consent as its reader may see it.
type Consent struct {
	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	Programme    string    `json:"programme"`
	Board        string    `json:"board"`
	State        string    `json:"state" doc:"Of the intervention."`
	StateSince   time.Time `json:"state_since"`
	ClosedReason string    `json:"closed_reason,omitempty" doc:"The board's staff only."`
	SharingEnded time.Time `json:"sharing_ended,omitzero"`
	GraceEnds    time.Time `json:"grace_ends,omitzero" doc:"Until when a renewal brings cut copies back."`
	Youth        Youth     `json:"youth"`
	Maturity     string    `json:"maturity,omitempty" doc:"The board's staff only."`
	Alone        []string  `json:"alone,omitempty" doc:"Categories over which the young person disposes alone. The board's staff only."`
	InForce      *Version  `json:"in_force,omitempty"`
	Preparing    *Version  `json:"preparing,omitempty"`
	Past         []Version `json:"past" doc:"Ended versions, newest first, without their rows."`
	SignersGap   string    `json:"signers_gap,omitempty" doc:"Why it cannot be said yet who must sign."`
	Receipts     []Taken   `json:"receipts"`
	Actions      []string  `json:"actions" doc:"What the caller may do now."`
	Now          time.Time `json:"now" doc:"The instant of the answer."`
}

// Youth is the young person as far as the reader may know.
type Youth struct {
	ID         ID     `json:"id,omitempty"`
	Name       string `json:"name,omitempty"`
	Age        int    `json:"age,omitempty"`
	Protection string `json:"protection,omitempty"`
}

// Version is one version of a consent.
type Version struct {
	ID          ID          `json:"id"`
	Number      int         `json:"number"`
	State       string      `json:"state"`
	Change      string      `json:"change"`
	TextHash    string      `json:"text_hash,omitempty" doc:"What a signature must send back, and what its fresh login is bound to."`
	PreparedAt  time.Time   `json:"prepared_at,omitzero"`
	ActivatedAt time.Time   `json:"activated_at,omitzero"`
	EndedAt     time.Time   `json:"ended_at,omitzero"`
	DecidedOn   string      `json:"decided_on,omitempty"`
	Reference   string      `json:"reference,omitempty"`
	LapsesAt    time.Time   `json:"lapses_at,omitzero"`
	OralUntil   time.Time   `json:"oral_until,omitzero" doc:"When it ends unless what was said aloud is written by then."`
	Paused      string      `json:"paused,omitempty" doc:"Why it is suspended; the board's staff only."`
	Rows        []Row       `json:"rows"`
	Exclusions  []Exclusion `json:"exclusions"`
	Signers     []Signer    `json:"signers" doc:"For a guardian or a young person only the own line."`
	SignedBy    int         `json:"signed_by"`
	MustSign    int         `json:"must_sign"`
	Actions     []string    `json:"actions"`
	Mark        string      `json:"mark,omitempty" doc:"Of a draft: what it says. Whoever saves another in its place sends it back as seen; only for whoever prepares."`
}

// Row is one row of the matrix.
type Row struct {
	ID         ID        `json:"id"`
	Origin     ID        `json:"origin,omitempty" doc:"The row's id in the first version that had it; send it back in an amended draft."`
	Number     int       `json:"number"`
	Discloser  Party     `json:"discloser"`
	Recipient  Party     `json:"recipient"`
	Categories []string  `json:"categories"`
	Purpose    Purpose   `json:"purpose,omitempty" doc:"Left out of what is looked at ahead, where no row says why."`
	Addition   string    `json:"addition,omitempty" doc:"What the coordinator added, in Swedish."`
	Districts  []string  `json:"districts"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to" doc:"The first instant at which it no longer holds."`
	Open       bool      `json:"open"`
	Over       bool      `json:"over"`
	Leaves     time.Time `json:"leaves,omitzero" doc:"When a function that it names goes to another authority, before its own end: the row ends then."`
	// To a family what is hidden from the reader has not been told.
	Unused      []string  `json:"unused,omitempty" doc:"Categories that, as far as the caller may know, nobody has told by this row since unused_since. In the version in force, after 30 days."`
	UnusedSince time.Time `json:"unused_since,omitzero"`
}

// Party is one side of a row.
type Party struct {
	Seat

	AuthorityName string `json:"authority_name,omitempty"`
	UnitName      string `json:"unit_name,omitempty"`
	Private       string `json:"private,omitempty" doc:"A private recipient instead of a seat."`
	PrivateName   string `json:"private_name,omitempty"`
}

// Exclusion is one "may not be shared"; what is left out means any.
type Exclusion struct {
	ID        ID     `json:"id"`
	Recipient Party  `json:"recipient"`
	Category  string `json:"category,omitempty"`
}

// Signer is one who must sign, or is heard.
type Signer struct {
	Kind       string    `json:"kind"`
	Guardian   ID        `json:"guardian,omitempty"`
	Youth      ID        `json:"youth,omitempty"`
	Name       string    `json:"name"`
	Required   bool      `json:"required"`
	Explained  time.Time `json:"explained,omitzero"`
	Method     string    `json:"method,omitempty"`
	Language   string    `json:"language,omitempty"`
	Answer     string    `json:"answer,omitempty"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	Channel    string    `json:"channel,omitempty"`
	ReadIn     string    `json:"read_in,omitempty" doc:"The language of the texts that were signed, read aloud or stood on the paper."`
	Overridden bool      `json:"overridden,omitempty"`

	Interpreter string `json:"interpreter,omitempty" doc:"The interpreter's number or name; only for the board."`
	Oral        *Oral  `json:"oral,omitempty"`
	Paper       *Paper `json:"paper,omitempty"`
}

// Oral is a yes that was said aloud and is not written.
type Oral struct {
	ID          ID        `json:"id"`
	State       string    `json:"state" doc:"recorded: waits for a second officer; confirmed: counts, until it must be written."`
	ReceivedAt  time.Time `json:"received_at"`
	RecordedAt  time.Time `json:"recorded_at"`
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	WrittenBy   time.Time `json:"written_by"`
	Method      string    `json:"method"`
	Language    string    `json:"language"`
	Interpreter string    `json:"interpreter,omitempty"`
	Mine        bool      `json:"mine,omitempty" doc:"The caller recorded it, and so cannot confirm it."`
	MayConfirm  bool      `json:"may_confirm,omitempty"`
}

func oralOut(o *consenting.OralLine) *Oral {
	if o == nil {
		return nil
	}
	return &Oral{
		ID: idOut(o.ID), State: string(o.State), ReceivedAt: o.ReceivedAt, RecordedAt: o.RecordedAt, ConfirmedAt: o.ConfirmedAt,
		WrittenBy: o.WrittenBy, Method: string(o.Method), Language: o.Language, Interpreter: o.Interpreter, Mine: o.Mine, MayConfirm: o.MayConfirm,
	}
}

func consentOut(c *consenting.Case) *Consent {
	return &Consent{
		Intervention: idOut(c.ID), CaseNumber: c.CaseNumber, Programme: string(c.Programme), Board: string(c.Authority),
		State: string(c.State), StateSince: c.StateSince, ClosedReason: string(c.ClosedReason), SharingEnded: c.SharingEnded,
		GraceEnds: c.GraceEnds, Youth: youthOut(c.Youth), Maturity: string(c.Maturity), Alone: strs(c.Alone),
		InForce: versionOrNone(c.InForce), Preparing: versionOrNone(c.Preparing), Past: list(c.Past, versionOut),
		SignersGap: string(c.Gap), Receipts: list(c.Receipts, takenOut), Actions: strs(c.Actions), Now: c.Now,
	}
}

func youthOut(y consenting.Youth) Youth {
	return Youth{ID: idOut(y.ID), Name: y.Name, Age: y.Age, Protection: string(y.Protection)}
}

func versionOrNone(v *consenting.Version) *Version {
	if v == nil {
		return nil
	}
	out := versionOut(*v)
	return &out
}

func versionOut(v consenting.Version) Version {
	return Version{
		ID: idOut(v.ID), Number: v.Number, State: string(v.State), Change: string(v.Change), TextHash: v.TextHash,
		PreparedAt: v.PreparedAt, ActivatedAt: v.ActivatedAt, EndedAt: v.EndedAt, DecidedOn: v.DecidedOn.String(),
		Reference: v.Reference, LapsesAt: v.LapsesAt, OralUntil: v.OralUntil, Paused: string(v.Paused), Rows: list(v.Rows, rowOut), Exclusions: list(v.Exclusions, exclusionOut),
		Signers: list(v.Signers, signerOut), SignedBy: v.SignedBy, MustSign: v.MustSign, Actions: strs(v.Actions), Mark: v.Mark,
	}
}

func rowOut(r consenting.Row) Row {
	return Row{
		ID: idOut(r.ID), Origin: idOut(r.Origin), Number: r.Number, Discloser: partyOut(r.Discloser), Recipient: partyOut(r.Recipient),
		Categories: strs(r.Categories), Purpose: Purpose(r.Aim.Purpose), Addition: r.Aim.Addition, From: r.From, To: r.To, Open: r.Open, Over: r.Over, Leaves: r.Leaves,
		Districts: list(r.Districts, func(d sig.District) string { return string(d.ID) }),
		Unused:    strs(r.Unused), UnusedSince: r.UnusedSince,
	}
}

func partyOut(p consenting.Party) Party {
	return Party{
		Seat: seatOut(p.Seat), AuthorityName: p.Authority, UnitName: p.Unit, Private: string(p.Private), PrivateName: p.PrivateName,
	}
}

func exclusionOut(x consenting.Exclusion) Exclusion {
	return Exclusion{ID: idOut(x.ID), Recipient: partyOut(x.Recipient), Category: string(x.Category)}
}

func signerOut(s consenting.Signer) Signer {
	return Signer{
		Kind: string(s.Kind), Guardian: idOut(s.Guardian), Youth: idOut(s.Youth), Name: s.Name, Required: s.Required,
		Explained: s.Explained, Method: string(s.Method), Language: s.Language, Answer: string(s.Answer),
		AnsweredAt: s.AnsweredAt, Channel: s.Channel, ReadIn: s.ReadIn, Overridden: s.Overridden, Interpreter: s.Interpreter, Oral: oralOut(s.Oral), Paper: paperOut(s.Paper),
	}
}
