package httpd

import (
	"cmp"
	"slices"

	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// reorganisationData is the page that says what would end if a function moved to
// another authority on a day.
type reorganisationData struct {
	Base
	Seats, Boards []fieldChoice
	Tomorrow      string
	Asked         string // what the answer on the page is to; empty where there is none
	Whole         bool   // in numbers, of the whole authority
	Says          []string
	Cases         []foreseenRow
}

// foreseenRow is what would end in one intervention.
type foreseenRow struct {
	Youth, Case, Path, Change string
	Stops                     string
	Rows, More                []string
}

var reorganisationPage = page("reorganisation_show", func(b Base) []reorganisationData {
	form := reorganisationData{Base: b, Tomorrow: "2026-12-04", Seats: []fieldChoice{{Value: "a/u/field_assistant", Text: "Fältassistent, Fältgruppen"}}, Boards: []fieldChoice{{Value: "k", Text: "Kultur och fritid"}}}
	own, whole, none := form, form, form
	asked := b.T("reorganisation.asked", "seat", form.Seats[0].Text, "to", form.Boards[0].Text, "date", sig.Date{Year: 2027, Month: 1, Day: 1}.Start())
	own.Asked, whole.Asked, none.Asked, whole.Whole = asked, asked, asked, true
	own.Cases = []foreseenRow{{
		Youth: "Amir Rahimi", Case: "F-2026-1", Path: "/x", Change: "/x/consent", Stops: b.T("reorganisation.stops", "date", sampleNow),
		Rows: []string{"Kommunpolis → Fältassistent: mål i planen"}, More: []string{b.N("reorganisation.own", 1)},
	}}
	whole.sum(consenting.ForeseenSum{Cases: 3, Rows: 7, Stops: 1, Calls: 2, Own: 1})
	none.sum(consenting.ForeseenSum{})
	return []reorganisationData{form, own, whole, none}
})

// reorganisationShow shows the form alone, to whoever may know an answer.
func (a *App) reorganisationShow(r *Request) error {
	data, err := a.reorganisationForm(r)
	if err != nil {
		return err
	}
	return reorganisationPage.Send(r, data)
}

func (a *App) reorganisationForm(r *Request) (reorganisationData, error) {
	today, err := a.deps.Consenting.MayForesee(r.Context(), r.Actor())
	if err != nil {
		return reorganisationData{}, err
	}
	options, err := a.deps.Directory.ConsentOptions(r.Context(), r.Actor())
	if err != nil {
		return reorganisationData{}, err
	}
	w, err := r.itemWords()
	if err != nil {
		return reorganisationData{}, err
	}
	data := reorganisationData{Base: r.Base("reorganisation.title"), Tomorrow: today.AddDays(1).String()}
	data.choices(w, options)
	return data, nil
}

// choices offers each function in each unit, and in all units of an authority
// that has it in several; and the authorities to which it can go.
func (d *reorganisationData) choices(w itemWords, options []directory.Option) {
	every := map[string]int{}
	for _, o := range options {
		s := sig.Seat{Authority: o.Place.Authority, Unit: o.Place.Unit, Function: o.Place.Function}
		d.Seats = append(d.Seats, fieldChoice{Value: seatValue(s), Text: w.lang.Beside(w.seat(s), o.AuthorityName)})
		s.Unit = ""
		if every[seatValue(s)]++; every[seatValue(s)] == 2 {
			d.Seats = append(d.Seats, fieldChoice{
				Value: seatValue(s), Text: w.lang.T("reorganisation.every", "function", w.lang.T("function."+string(s.Function)), "authority", o.AuthorityName),
			})
		}
	}
	for _, one := range w.dir.Authorities {
		d.Boards = append(d.Boards, fieldChoice{Value: string(one.ID), Text: one.Name})
	}
	byText := func(a, b fieldChoice) int { return cmp.Compare(a.Text, b.Text) }
	slices.SortStableFunc(d.Seats, byText)
	slices.SortStableFunc(d.Boards, byText)
}

// reorganisationAsk answers. What is asked is sent in the form's body, and
// nothing is written but that somebody asked.
func (a *App) reorganisationAsk(r *Request) error {
	var in struct {
		Seat string `form:"seat,max=300"`
		To   string `form:"to,max=100"`
		On   string `form:"on,max=10"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.reorganisationShow)
	}
	var check fault.Check
	what := consenting.Reorganisation{To: sig.AuthorityID(in.To)}
	var err error
	if what.Seat, err = readSeat(in.Seat); err != nil {
		check.Fail("seat", "error.choose_one")
	}
	what.On = dayOr(&check, "on", in.On)
	if err := check.Err(); err != nil {
		return r.Again(err, a.reorganisationShow)
	}
	found, err := a.deps.Consenting.Foresee(r.Context(), r.Actor(), what)
	if err != nil {
		return r.Again(err, a.reorganisationShow)
	}
	data, err := a.reorganisationForm(r)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data.Asked, data.Whole = r.lang.T("reorganisation.asked", "seat", textOf(data.Seats, in.Seat), "to", textOf(data.Boards, in.To), "date", what.On.Start()), found.Whole
	data.sum(found.Sum)
	for _, c := range found.Cases {
		data.Cases = append(data.Cases, foreseenRowOf(w, c))
	}
	return reorganisationPage.Send(r, data)
}

func textOf(choices []fieldChoice, value string) string {
	n := slices.IndexFunc(choices, func(c fieldChoice) bool { return c.Value == value })
	if n < 0 {
		return value
	}
	return choices[n].Text
}

func (d *reorganisationData) sum(s consenting.ForeseenSum) {
	for _, one := range []struct {
		key string
		n   int
	}{{"cases", s.Cases}, {"rows", s.Rows}, {"stop", s.Stops}, {"calls", s.Calls}, {"own", s.Own}} {
		if one.n > 0 {
			d.Says = append(d.Says, d.N("reorganisation."+one.key, one.n))
		}
	}
}

func foreseenRowOf(w itemWords, c consenting.ForeseenCase) foreseenRow {
	row := foreseenRow{Youth: c.Youth, Case: c.CaseNumber, Path: casePath(c.ID), Change: casePath(c.ID) + "/consent"}
	if !c.Stops.IsZero() {
		row.Stops = w.lang.T("reorganisation.stops", "date", c.Stops)
	}
	for _, r := range c.Rows {
		row.Rows = append(row.Rows, w.lang.T("journal.fact.row", "from", w.seat(r.Discloser.Seat), "to",
			w.recipient(r.Recipient.Seat, r.Recipient.Private != "", r.Recipient.Private, r.Recipient.PrivateName), "what", w.categories(r.Categories)))
	}
	for _, l := range c.Calls {
		if l.Meetings > 0 {
			row.More = append(row.More, w.lang.N("reorganisation.call", l.Meetings, "who", w.seat(l.Party.Seat)))
		}
		if l.Fewer > 0 {
			row.More = append(row.More, w.lang.N("reorganisation.fewer", l.Fewer, "who", w.seat(l.Party.Seat)))
		}
	}
	if c.Own > 0 {
		row.More = append(row.More, w.lang.N("reorganisation.own", c.Own))
	}
	return row
}
