package httpd

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/sig"
)

// consentEditData is the matrix of a draft as a form: rows that can be added
// and taken away without losing anything that was typed.
type consentEditData struct {
	Base
	Top        caseTop
	Action     string
	Amends     bool
	Rows       []grantFields
	Exclusions []exclusionFields
	Sides      []seatGroup // who may tell or be told
	Privates   []fieldChoice
	Anybody    []seatGroup // whom an exclusion may name
	Categories []fieldChoice
	Districts  []fieldChoice
	Purposes   []fieldChoice
	Months     int
	Checked    bool // it was checked and nothing is wrong
	Cards      []recipientCard
	Discard    string
	Import     *importFields // where a consent on paper is taken over
	Seen       string        // the mark of the draft that stands there
	Newer      *boardVersion // what somebody has saved since the form was opened
	Gone       bool          // somebody has taken away the draft that was on the screen
}

// grantFields is one row of the form before anything was typed.
type grantFields struct {
	Name, Origin                                string // of its fields: "grants.0"
	Index, Number                               int
	Discloser, Recipient, PrivateName, From, To string
	Aim                                         sig.Aim
	Categories, Districts                       []string
	Open                                        bool
	Summary                                     string
	Unused                                      string // what nobody has told by it
}

// Ticked reports whether a box of the row stood ticked.
func (g grantFields) Ticked(list []string, value string) bool {
	for _, one := range list {
		if one == value {
			return true
		}
	}
	return false
}

// exclusionFields is one "may not be shared" of the form.
type exclusionFields struct {
	Name                string
	Index, Number       int
	Recipient, Category string
}

// seatGroup is the functions of one authority, to choose from.
type seatGroup struct {
	Name    string
	Options []fieldChoice
}

// consentMonths is the longest window that the form speaks of; what holds is
// decided by the service.
const consentMonths = 6

// consentEdit shows the draft, an empty one if there is none.
func (a *App) consentEdit(r *Request) error {
	c, err := a.boardCase(r, consenting.ActionPrepare)
	if err != nil {
		return err
	}
	if r.Method() == fiber.MethodGet && c.InForce != nil && c.Preparing == nil {
		// An empty form here would look like what holds, and saved would end it;
		// the case's page has the button that makes a draft of what holds.
		return r.Redirect(casePath(c.ID), fiber.StatusSeeOther)
	}
	data, err := a.consentForm(r, c)
	if err != nil {
		return err
	}
	return consentEditPage.Send(r, *data)
}

// consentForm lays out the form from what was typed or, before that, from the
// draft as it lies.
func (a *App) consentForm(r *Request, c *consenting.Case) (*consentEditData, error) {
	options, err := a.deps.Directory.ConsentOptions(r.Context(), r.Actor())
	if err != nil {
		return nil, err
	}
	dir, err := a.deps.Casework.Directory(r.Context())
	if err != nil {
		return nil, err
	}
	w := familyWords{Language: r.lang}
	title := "consent.new.title"
	if c.InForce != nil {
		title = "consent.amend.title"
	} else if c.State == sig.InterventionSharingStopped {
		title = "consent.renew.title"
	}
	data := &consentEditData{
		Base: r.Base(title), Top: caseTopOf(c), Action: casePath(c.ID) + "/consent", Months: consentMonths,
		Amends: c.InForce != nil || c.State == sig.InterventionSharingStopped,
	}
	if c.Preparing != nil {
		data.Seen = c.Preparing.Mark
	}
	data.choices(w, options, dir)
	data.lay(w, c, r.fields, dir)
	if c.Preparing != nil && c.Preparing.Can(consenting.ActionDiscard) {
		data.Discard = data.Action + "/discard"
	}
	return data, nil
}

func caseTopOf(c *consenting.Case) caseTop {
	return caseTop{Path: casePath(c.ID), Number: c.CaseNumber, Youth: c.Youth.Name, Live: !c.State.Ended()}
}

// choices are what the selects and boxes of every row offer.
func (d *consentEditData) choices(w familyWords, options []directory.Option, dir *sig.Directory) {
	for _, o := range options {
		seat := sig.Seat{Authority: o.Place.Authority, Unit: o.Place.Unit, Function: o.Place.Function}
		choice := fieldChoice{Value: seatValue(seat), Text: w.T("hats.staff", "function", w.function(seat.Function), "unit", o.UnitName)}
		if n := len(d.Sides); n == 0 || d.Sides[n-1].Name != o.AuthorityName {
			d.Sides = append(d.Sides, seatGroup{Name: o.AuthorityName})
			whole := fieldChoice{Value: seatValue(sig.Seat{Authority: seat.Authority}), Text: w.T("board.exclusion.whole", "authority", o.AuthorityName)}
			d.Anybody = append(d.Anybody, seatGroup{Name: o.AuthorityName, Options: []fieldChoice{whole}})
		}
		last := len(d.Sides) - 1
		d.Sides[last].Options = append(d.Sides[last].Options, choice)
		d.Anybody[last].Options = append(d.Anybody[last].Options, choice)
	}
	for _, kind := range []sig.PrivateKind{sig.PrivateCloseContact, sig.PrivateExpert} {
		d.Privates = append(d.Privates, fieldChoice{Value: privatePrefix + string(kind), Text: w.T("private." + string(kind))})
	}
	for _, c := range sig.Categories() {
		d.Categories = append(d.Categories, fieldChoice{Value: string(c), Text: w.category(c), Hint: w.T("category." + string(c) + ".plain")})
	}
	d.Purposes = purposeChoices(w.Language)
	for _, one := range dir.Districts {
		d.Districts = append(d.Districts, fieldChoice{Value: string(one.ID), Text: one.Name})
	}
}

// lay makes the rows of the form.
func (d *consentEditData) lay(w familyWords, c *consenting.Case, typed Fields, dir *sig.Directory) {
	start := sig.DateOf(c.Now)
	stored := c.Preparing
	if stored != nil && stored.State != sig.ConsentDraft {
		stored = nil
	}
	count := 1
	switch {
	case typed.typed != nil:
		count = rowCount(typed.typed, "grants")
	case stored != nil:
		count = len(stored.Rows)
	}
	for n := range count {
		row := grantFields{
			Name: "grants." + strconv.Itoa(n), Index: n, Number: n + 1, From: start.String(),
			To: sig.DateOf(sig.AddMonths(start.Start(), consentMonths)).AddDays(-1).String(), Open: true,
		}
		if typed.typed == nil && stored != nil {
			row.take(stored.Rows[n])
		}
		row.Open = row.Open || typed.badUnder(row.Name)
		for field, otherwise := range map[string]string{".from": row.From, ".to": row.To} {
			if typed.typed != nil && !typed.typed.Has(row.Name+field) {
				typed.typed.Set(row.Name+field, otherwise)
			}
		}
		d.Rows = append(d.Rows, row)
	}
	for n := range d.Rows {
		d.Rows[n].hintUnused(w, c, typed)
	}
	d.layExclusions(typed, stored)
	d.summaries(w, c, typed, stored, dir)
}

func (d *consentEditData) layExclusions(typed Fields, stored *consenting.Version) {
	count := 0
	switch {
	case typed.typed != nil:
		count = rowCount(typed.typed, "exclusions")
	case stored != nil:
		count = len(stored.Exclusions)
	}
	for n := range count {
		x := exclusionFields{Name: "exclusions." + strconv.Itoa(n), Index: n, Number: n + 1}
		if typed.typed == nil && stored != nil {
			one := stored.Exclusions[n]
			x.Category = string(one.Category)
			if one.Recipient.Seat != (sig.Seat{}) {
				x.Recipient = seatValue(one.Recipient.Seat)
			}
		}
		d.Exclusions = append(d.Exclusions, x)
	}
}

// take fills a row of the form from a row of the draft.
func (g *grantFields) take(row consenting.Row) {
	g.Origin, g.Discloser, g.Recipient = row.Origin.String(), seatValue(row.Discloser.Seat), seatValue(row.Recipient.Seat)
	if row.Recipient.Private != "" {
		g.Recipient, g.PrivateName = privatePrefix+string(row.Recipient.Private), row.Recipient.PrivateName
	}
	for _, c := range row.Categories {
		g.Categories = append(g.Categories, string(c))
	}
	for _, one := range row.Districts {
		g.Districts = append(g.Districts, string(one.ID))
	}
	g.Aim, g.From = row.Aim, sig.DateOf(row.From).String()
	g.To, g.Open = sig.DateOf(row.To.Add(-1)).String(), false
}

// summaries writes each row that is whole as a sentence, and the family's cards
// of all of them.
func (d *consentEditData) summaries(w familyWords, c *consenting.Case, typed Fields, stored *consenting.Version, dir *sig.Directory) {
	version := stored
	if typed.typed != nil {
		var in consentForm
		if err := (&decoder{values: typed.typed, used: map[string]bool{}}).decode(&in); err != nil {
			return
		}
		version = in.version(dir, c)
	}
	if version == nil {
		return
	}
	for n, row := range version.Rows {
		if n < len(d.Rows) && len(row.Categories) > 0 && row.Discloser.Seat != (sig.Seat{}) && w.party(row.Recipient) != "" {
			d.Rows[n].Summary = fmt.Sprintf("%s → %s: %s", w.party(row.Discloser), w.party(row.Recipient), w.categories(row.Categories))
		}
	}
	shown := *c
	shown.InForce = version
	d.Cards = cardsOf(w, &shown, false)
}
