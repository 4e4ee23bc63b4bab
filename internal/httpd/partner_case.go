package httpd

import (
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// partnerCaseData is a case as those see it who take part for another
// authority than the board.
type partnerCaseData struct {
	Base
	Top       caseTop
	State     string
	Kind      string // the status that the state is drawn with
	Board     string
	Seats     []string
	Stopped   bool
	Paused    bool
	Closed    bool // the own items are hidden too
	NotBegun  bool
	Told      []partRow
	Tells     []partRow
	Narrowed  []string // that a part was taken back
	Hidden    int
	Late      int // of the hidden, see sharing.Copy
	HiddenAt  time.Time
	HiddenWhy string
	Inbox     []inboxRow
	MoreInbox bool
	Items     []itemRow
	Disclosed []disclosedRow
	AllItems  string
}

// partRow is one row of the consent that names the reader's own function.
type partRow struct {
	Other, Categories, State, When string
	Why                            whyWords
}

// disclosedRow is one disclosure of the own authority.
type disclosedRow struct {
	Path, Recipient, Categories, State string
	At                                 time.Time
}

var sampleParts = []partRow{
	{"SIG-samordnare, Enheten för barn och unga", "Mål i planen och Närvaro i skolan", "may", "till 31 maj 2027", whyWords{Text: "Hindra nya brott", Addition: "Kvällar i centrum"}},
	{"Skolkurator, Farstaskolan", "Närvaro i skolan", "ended", "gick ut 1 december 2026", whyWords{Text: "Få skolan att fungera"}},
}

var partnerCasePage = page("partner_case", func(b Base) []partnerCaseData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	active := partnerCaseData{
		Base: b, Top: sampleTop, State: b.T("state.intervention.active"), Kind: "may", Board: "Farsta stadsdelsnämnd",
		Seats: []string{"Kommunpolis, Lokalpolisområde Farsta"}, Told: sampleParts, Tells: sampleParts[:1], Narrowed: []string{b.T("narrowed.text", "time", b.DateTime(at))}, Hidden: 2, Late: 1, HiddenAt: at,
		HiddenWhy: b.T("cutoff.narrowed"), Inbox: sampleInbox, MoreInbox: true, Items: sampleItems, AllItems: "/x/items",
		Disclosed: []disclosedRow{{"/x/d", "SIG-samordnare, Farsta", "Närvaro i skolan", "sent", at}},
	}
	empty := partnerCaseData{Base: b, Top: sampleTop, State: active.State, Kind: active.Kind, Board: active.Board, Seats: active.Seats}
	stopped := empty
	stopped.Stopped, stopped.Top.Live, stopped.Hidden, stopped.State, stopped.Kind = true, false, 1, b.T("state.intervention.closed"), "closed"
	stopped.HiddenAt, stopped.HiddenWhy = at, b.T("cutoff.withdrawn")
	stopped.CutOff = &CutOff{At: at, Why: b.T("cutoff.withdrawn")}
	paused, early := empty, empty
	paused.Paused, paused.Stopped, early.NotBegun = true, true, true
	closed := stopped
	closed.Closed, closed.Hidden = true, 0
	return []partnerCaseData{active, empty, stopped, paused, early, closed}
})

// partnerCaseShow shows what the own functions may tell and be told and until
// when, what has come, and what the own authority wrote and sent.
func (a *App) partnerCaseShow(r *Request, id sig.InterventionID) error {
	view, err := a.deps.Sharing.Overview(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := partnerCaseData{
		Base: r.Base("intervention.title", "name", view.YouthName), Top: topOf(&view.Head),
		State: r.lang.T("state.intervention." + string(view.State)), Kind: stateKind(view.State), Board: w.authority(view.Board),
		Inbox: inboxRows(w, view.Inbox), MoreInbox: view.MoreInbox, AllItems: casePath(id) + "/items",
	}
	data.Items = itemRows(w, id, view.Items[:min(len(view.Items), 5)])
	for _, seat := range view.Seats {
		data.Seats = append(data.Seats, w.seat(seat))
	}
	data.tellStop(r, view)
	for _, p := range view.Parts {
		row := partRow{
			Other: w.recipient(p.Other, p.Private != "", p.Private, p.PrivateName), Categories: w.categories(p.Categories),
			Why: whyOf(r.lang, p.Aim), State: p.State, When: partWhen(w, p),
		}
		if p.Tells {
			data.Tells = append(data.Tells, row)
		} else {
			data.Told = append(data.Told, row)
		}
	}
	for _, d := range view.Disclosures {
		data.Disclosed = append(data.Disclosed, disclosedRowOf(w, id, d))
	}
	return partnerCasePage.Send(r, data)
}

// tellStop puts it into words that sharing has stopped, is paused, has not
// begun, or has taken some copies away.
func (d *partnerCaseData) tellStop(r *Request, view *sharing.Overview) {
	if stop := view.Stop; stop != nil {
		d.Stopped, d.Paused = true, stop.At.IsZero()
		if !d.Paused {
			d.CutOff = &CutOff{At: stop.At, Why: r.lang.T(stop.Why)}
		}
	}
	switch view.State {
	case sig.InterventionProposed, sig.InterventionConsentPending, sig.InterventionAwaitingDecision, sig.InterventionNotStarted:
		d.NotBegun = true
	case sig.InterventionClosed:
		d.Closed = true
	case sig.InterventionActive, sig.InterventionSharingStopped, sig.InterventionClosing:
	}
	if d.Hidden = len(view.Hidden); d.Hidden > 0 {
		d.HiddenAt, d.HiddenWhy = view.Hidden[0].At, r.lang.T(sharing.Why(view.Hidden[0].By))
	}
	for _, n := range view.Narrowed {
		d.Narrowed = append(d.Narrowed, r.lang.T("narrowed.text", "time", r.lang.DateTime(n.At)))
	}
	for _, h := range view.Hidden {
		if h.Late {
			d.Late++
		}
	}
}

func partWhen(w itemWords, p sharing.Part) string {
	switch p.State {
	case "ended":
		return w.lang.T("date.ended", "date", w.lang.DateTime(p.To))
	case "upcoming":
		return w.lang.Range(p.From, p.To)
	default:
		return w.lang.Until(p.To)
	}
}

func disclosedRowOf(w itemWords, id sig.InterventionID, d sharing.Disclosed) disclosedRow {
	row := disclosedRow{
		Path: disclosurePath(id, d.ID), Recipient: w.recipient(d.Recipient, d.IsPrivate, d.Private, d.PrivateName),
		Categories: w.categories(d.Categories), State: d.State, At: d.QueuedAt,
	}
	switch d.State {
	case "sent":
		row.At = d.SentAt
	case "cancelled":
		row.At = d.CancelledAt
	}
	return row
}
