package httpd

import (
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
)

// consentText is one version as its signer reads it: row by row, who tells whom
// what, why, where and until when, and what is never shared.
type consentText struct {
	Path       string
	Board      string
	Number     string
	Version    int
	Lead       string
	Rows       []textRow
	Exclusions []string
	Hash       string // of the version and of the words around it; what a signature is bound to
	State      string // words of the state, where it is no question
	Change     *textChange
	Asked      bool // somebody is asked for a yes to it
}

// textRow is one row of it.
type textRow struct {
	Title      string
	Categories []mayLine
	Why        whyWords
	Where      string
	When       string
	Private    string // what does not hold for somebody who is no authority
	Over       bool
	Leaves     string
	Unused     string // what nobody has told by it, as far as the reader may know
	Withdraw   string // where it can be taken back
}

func consentTextOf(w familyWords, t *consenting.Text, kind sig.ActorKind) consentText {
	text := consentText{
		Path: consentPath(t.ID), Board: t.AuthorityName, Number: t.CaseNumber, Version: t.Version.Number, Hash: consenting.Seen(t.TextHash, w.Language),
		Lead: w.T("citizen.sign.lead.guardian", "name", t.Youth.Name),
	}
	if kind == sig.ActorYouth {
		text.Lead = w.T("citizen.sign.lead.youth")
	}
	if t.State != sig.ConsentExplained && t.State != sig.ConsentPartiallySigned && !t.Can(consenting.ActionSign) {
		text.State = w.T("state.consent." + string(t.State))
	}
	text.Asked = text.State == ""
	text.Change = textChangeOf(w, t)
	for _, row := range t.Rows {
		one := textRowOf(w, row)
		if len(row.Unused) > 0 {
			one.Unused = w.T("citizen.text.unused", "categories", w.categories(row.Unused), "date", row.UnusedSince)
			if t.TakesBack {
				one.Withdraw = withdrawPath(t.Intervention, row.ID)
			}
		}
		text.Rows = append(text.Rows, one)
	}
	for _, x := range t.Exclusions {
		text.Exclusions = append(text.Exclusions, w.exclusion(x))
	}
	return text
}

func textRowOf(w familyWords, row consenting.Row) textRow {
	one := textRow{
		Title: w.T("citizen.text.row", "discloser", w.party(row.Discloser), "recipient", w.party(row.Recipient)),
		Why:   whyOf(w.Language, row.Aim), Where: w.districts(row.Districts), When: sentence(w.T("citizen.text.when", "range", w.Range(row.From, row.To))),
		Over: row.Over, Leaves: w.leaves(row),
	}
	if row.Recipient.Private != "" {
		one.Private = w.T("citizen.sign.check.private", "name", w.party(row.Recipient))
	}
	for _, c := range inOrder(row.Categories) {
		one.Categories = append(one.Categories, mayLine{Name: w.category(c), Plain: w.T("category." + string(c) + ".plain"), Kind: "may"})
	}
	return one
}

// exclusion says what is never shared, with whom.
func (w familyWords) exclusion(x consenting.Exclusion) string {
	var who string
	switch s := x.Recipient.Seat; {
	case s.Function != "" && s.Unit != "":
		who = w.party(x.Recipient)
	case s.Function != "":
		who = w.function(s.Function)
	case s.Unit != "":
		who = x.Recipient.Unit
	case s.Authority != "":
		who = x.Recipient.Authority
	}
	what := w.T("citizen.text.anything")
	if x.Category != "" {
		what = w.category(x.Category)
	}
	if x.Recipient.Seat.IsZero() {
		return w.T("citizen.text.never_anybody", "what", what)
	}
	return w.T("citizen.text.never", "who", who, "what", what)
}

// citizenConsentData is a version to read, and the way to answer it.
type citizenConsentData struct {
	Base
	Text     consentText
	Answer   string // the way to answer; empty where there is nothing to
	Answered string // what the reader has answered, and when
	Timeline picture.Picture
	Seats    []seatToday // who sits today where something may be known
	Changes  []seatChange
}

// citizenConsent shows the text in the reader's language.
func (a *App) citizenConsent(r *Request) error {
	var id sig.ConsentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	t, err := a.deps.Consenting.Text(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := citizenConsentData{Base: r.Base("citizen.text.title")}
	data.show(familyWords{Language: r.lang}, t, r.Actor().Kind)
	return citizenConsentPage.Send(r, data)
}

func (d *citizenConsentData) show(w familyWords, t *consenting.Text, kind sig.ActorKind) {
	d.Text = consentTextOf(w, t, kind)
	if t.Can(consenting.ActionSign) {
		d.Title, d.Answer = w.T("citizen.sign.title"), d.Text.Path+"/sign"
	}
	switch t.Me.Answer {
	case sig.AnswerSigned:
		d.Answered = w.T("citizen.sign.done.text", "time", w.DateTime(t.Me.AnsweredAt))
	case sig.AnswerRefused:
		d.Answered = w.T("citizen.text.refused", "time", w.DateTime(t.Me.AnsweredAt))
	}
	d.Timeline = timelineOf(w, t.Rows, t.Now)
	d.Seats, d.Changes = seatsToday(w, t.Seats.Today), seatChanges(w, t.Seats.Changes)
}

// timelineOf draws how long each recipient may know something.
func timelineOf(w familyWords, rows []consenting.Row, now time.Time) picture.Picture {
	var lines []picture.Row
	for n, row := range rows {
		if firstRowOf(rows, row.Recipient) != n {
			continue
		}
		line := picture.Row{Label: w.party(row.Recipient)}
		for _, other := range rows {
			if !sameRecipient(other.Recipient, row.Recipient) {
				continue
			}
			kind := "may"
			if other.Over {
				kind = "ended"
			} else if !other.Open {
				kind = "upcoming"
			}
			span := picture.Span{From: other.From, To: other.End(), Kind: kind}
			if !slices.Contains(line.Spans, span) {
				line.Spans = append(line.Spans, span)
			}
		}
		lines = append(lines, line)
	}
	return picture.Timeline(w.Language, w.T("picture.timeline.title"), now, lines)
}

var citizenConsentPage = page("citizen_consent", func(b Base) []citizenConsentData {
	w := familyWords{Language: b.Language}
	b.Title = b.T("citizen.text.title")
	asked, mine, youth := citizenConsentData{Base: b}, citizenConsentData{Base: b}, citizenConsentData{Base: b}
	asked.show(w, sampleQuestion(), sig.ActorGuardian)
	t := sampleQuestion()
	t.Version = *sampleVersion()
	t.Me, t.TakesBack = t.Signers[0], true
	t.Rows = slices.Clone(t.Rows)
	t.Rows[0].Unused, t.Rows[0].UnusedSince = t.Rows[0].Categories[:1], sampleNow.AddDate(0, -2, 0)
	mine.show(w, t, sig.ActorGuardian)
	t.Me.Answer = sig.AnswerRefused
	t.Seats.Today = []consenting.SeatToday{
		{Party: samplePolice, Held: true, Names: []string{"Pelle Ström"}}, {Party: sampleSchool, Held: true, Until: sampleNow.AddDate(0, 1, 0)}, {Party: sampleSchool},
	}
	t.Seats.Changes = sampleSeatChanges
	youth.show(w, t, sig.ActorYouth)
	changed := citizenConsentData{Base: b}
	changed.show(w, sampleChange(), sig.ActorGuardian)
	return []citizenConsentData{asked, mine, youth, changed}
})

// sampleQuestion is a made-up version that waits for the reader's answer.
func sampleQuestion() *consenting.Text {
	t := &consenting.Text{Version: *sampleVersion(), CaseNumber: "7KMN-4TRX", AuthorityName: "Farsta stadsdelsnämnd", Youth: sampleYouth, Now: sampleNow}
	t.State, t.Actions = sig.ConsentExplained, []consenting.Action{consenting.ActionSign, consenting.ActionRefuse}
	t.Exclusions = append(t.Exclusions, consenting.Exclusion{Recipient: samplePolice, Category: sig.CategoryWhereabouts})
	return t
}
