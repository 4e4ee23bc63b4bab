package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
)

// citizenStartData is the start page of a guardian or a young person: who may
// know something, until when, and what there is to do.
type citizenStartData struct {
	Base
	Lead     string
	Sign     string // where a question waits for an answer
	Banner   *startBanner
	Cards    []recipientCard
	Board    string // which functions of the board work with the case
	All      string // the way to take everything back
	Anytime  bool   // what the reader has said yes to can be taken back
	Consent  string // the whole text of what is in force
	Diary    string // what has been shared
	Plan     string // the plan as it concerns the reader
	Meetings string // those that lie ahead
	Next     *familyMeetingRow
	Left     picture.Picture
	News     []seatChange // seats that have just changed hands
	Receipts []receiptRow
	Earlier  []earlierCase
	Hide     string // the young person's own switch
	Mine     string // what the young person alone decides over
}

// startBanner is the state of the yes where it is not simply in force.
type startBanner struct{ Kind, Title, Text, Ask string }

// receiptRow is one receipt in a list.
type receiptRow struct {
	Path string
	At   time.Time
	Text string
}

// earlierCase is an intervention that has ended.
type earlierCase struct {
	Diary string
	Since time.Time
}

// citizenStart shows the case that goes on, or the last one.
func (a *App) citizenStart(r *Request) error {
	cases, err := a.deps.Casework.Cases(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	if len(cases) == 0 {
		return nobodyPage.Send(r, startData{r.Base("nobody.title")})
	}
	view, err := a.deps.Consenting.Show(r.Context(), r.Actor(), cases[0].ID)
	if err != nil {
		return err
	}
	data := citizenStartData{Base: r.Base(startTitle(view))}
	w := familyWords{Language: r.lang}
	for _, c := range cases[1:] {
		data.Earlier = append(data.Earlier, earlierCase{diaryPath(c.ID), c.StateSince})
	}
	data.show(w, view, r.Actor().Kind)
	if r.Actor().Kind == sig.ActorYouth {
		data.Hide = hidePath(view.ID)
		if view.Own {
			data.Mine = minePath(view.ID)
		}
	}
	if data.Meetings != "" {
		if data.Next, err = a.nextMeeting(r, view.ID); err != nil {
			return err
		}
	}
	return citizenStartPage.Send(r, data)
}

// boardReads says which functions of the board read its own file, without a yes.
func boardReads(w familyWords, c *consenting.Case) string {
	if len(c.BoardReads) == 0 {
		return ""
	}
	var names []string
	for _, f := range c.BoardReads {
		names = append(names, w.function(f))
	}
	return w.T("citizen.board_reads", "functions", w.List(names))
}

func startTitle(c *consenting.Case) string {
	if hasSigned(c.InForce) {
		return "citizen.start.title"
	}
	return "citizen.who.title"
}

// hasSigned reports whether the reader has said yes to a version.
func hasSigned(v *consenting.Version) bool {
	return v != nil && len(v.Signers) > 0 && v.Signers[0].Answer == sig.AnswerSigned
}

func (d *citizenStartData) show(w familyWords, c *consenting.Case, kind sig.ActorKind) {
	for _, v := range []*consenting.Version{c.InForce, c.Preparing} {
		if v != nil && v.Can(consenting.ActionSign) {
			d.Sign = consentPath(v.ID)
		}
	}
	if v := c.InForce; v != nil && v.Can(consenting.ActionSign) { // paused until this guardian has answered
		d.Sign = consentPath(v.ID)
	}
	if c.Can(consenting.ActionWithdraw) && (c.InForce != nil || hasSigned(c.Preparing)) {
		d.All = withdrawPath(c.ID, sig.GrantID{})
	}
	if c.State != sig.InterventionProposed && c.State != sig.InterventionConsentPending {
		d.Diary, d.Plan = diaryPath(c.ID), casePath(c.ID)+"/our-plan"
	}
	if c.State == sig.InterventionActive {
		d.Meetings = familyMeetingsPath(c.ID)
	}
	for _, line := range c.Receipts {
		d.Receipts = append(d.Receipts, receiptRow{receiptPath(line.Reference), line.RecordedAt, line.Reference})
	}
	d.Banner, d.Anytime = bannerOf(w, c), d.All != "" && c.SaidYes
	if v := c.InForce; v != nil {
		d.Consent = consentPath(v.ID)
		if v.State == sig.ConsentActive {
			d.Cards = cardsOf(w, c, d.All != "")
			d.News = seatNews(w, c)
			d.Left = picture.DaysLeft(w.Language, c.Now, v.ActivatedAt, endsAt(v))
		}
	}
	d.Board = boardReads(w, c)
	d.Lead = leadOf(w, d.Cards, c.Youth.Name, kind)
}

// endsAt is when a version ends: with its last row, or when what was said aloud
// must be written.
func endsAt(v *consenting.Version) time.Time {
	if last := lastEnd(v); v.OralUntil.IsZero() || last.Before(v.OralUntil) {
		return last
	}
	return v.OralUntil
}

func lastEnd(v *consenting.Version) time.Time {
	var last time.Time
	for _, row := range v.Rows {
		if row.End().After(last) {
			last = row.End()
		}
	}
	return last
}

// leadOf is the one sentence: how many may know something.
func leadOf(w familyWords, cards []recipientCard, name string, kind sig.ActorKind) string {
	count := 0
	for _, card := range cards {
		for _, line := range card.May {
			if line.Kind == "may" {
				count++
				break
			}
		}
	}
	who := "guardian"
	if kind == sig.ActorYouth {
		who = "youth"
	}
	if count == 0 {
		return w.T("citizen.start.none."+who, "name", name)
	}
	return w.N("citizen.start.lead."+who, count, "name", name)
}

// bannerOf says how the yes stands where it is not in force, or is to change.
func bannerOf(w familyWords, c *consenting.Case) *startBanner {
	say := func(kind, key string, args ...any) *startBanner {
		return &startBanner{Kind: kind, Title: w.T(key + ".title"), Text: w.T(key+".text", args...)}
	}
	if b := saidNoOf(w, c); b != nil {
		return b
	}
	switch {
	case c.InForce != nil && c.InForce.State == sig.ConsentSuspended && !hasSigned(c.InForce):
		return &startBanner{Kind: "warn", Title: w.T("citizen.start.paused.all"), Text: w.T("citizen.start.paused.text")}
	case c.InForce != nil && c.InForce.State == sig.ConsentSuspended:
		return say("warn", "citizen.start.paused")
	case c.InForce != nil && !c.InForce.OralUntil.IsZero():
		return saidOf(w, say, c.InForce)
	case c.InForce != nil && hasRefused(c.Preparing):
		return say("info", "citizen.start.refused_change")
	case c.InForce != nil:
		return waitingOf(say, c.Preparing)
	case c.Preparing != nil && !c.State.Ended() && saidAloud(c.Preparing):
		return saidOf(w, say, c.Preparing)
	}
	switch c.State {
	case sig.InterventionSharingStopped, sig.InterventionActive:
		return say("warn", yesKey(c.SaidYes, "citizen.start.ended", "citizen.start.ended.others"), "date", dayOf(w, c))
	case sig.InterventionClosing, sig.InterventionClosed:
		b := say("info", "citizen.start.closed")
		b.Text = w.T(yesKey(c.SaidYes, "citizen.start.closed.when", "citizen.start.closed.others"), "time", w.DateTime(c.StateSince)) + " " + b.Text
		return b
	case sig.InterventionNotStarted:
		return say("info", "citizen.start.not_started")
	case sig.InterventionAwaitingDecision:
		return say("info", "citizen.start.decision")
	case sig.InterventionProposed, sig.InterventionConsentPending:
		if c.Preparing == nil {
			return say("info", "citizen.start.soon")
		}
	}
	return waitingOf(say, c.Preparing)
}

// yesKey speaks of the reader's yes only to who has given one.
func yesKey(said bool, yes, others string) string {
	if said {
		return yes
	}
	return others
}

// saidNoOf is for whoever said no, and it was decided to go on without that yes:
// that the no was heard, and what was decided (SoL 3:3). Nobody is told of a yes
// that was not given.
func saidNoOf(w familyWords, c *consenting.Case) *startBanner {
	say := func(kind, key string) *startBanner {
		return &startBanner{Kind: kind, Title: w.T("citizen.start.no.title"), Text: w.T("citizen.start.no." + key)}
	}
	switch {
	case hasRefused(c.InForce) && c.InForce.State == sig.ConsentSuspended:
		return say("warn", "paused")
	case hasRefused(c.InForce):
		return say("info", "in_force")
	case c.InForce == nil && c.State == sig.InterventionAwaitingDecision && hasRefused(c.Preparing):
		return say("info", "decision")
	}
	return nil
}

// hasRefused reports whether the reader has said no to a version.
func hasRefused(v *consenting.Version) bool {
	return v != nil && len(v.Signers) > 0 && v.Signers[0].Answer == sig.AnswerRefused
}

// saidOf is for a version that ends early unless what was said aloud is
// written: to the one who said it, what to do; to the others, the day alone.
func saidOf(w familyWords, say func(kind, key string, args ...any) *startBanner, v *consenting.Version) *startBanner {
	if saidAloud(v) {
		return say("warn", "citizen.start.oral", "date", w.DateTime(v.Signers[0].Oral.WrittenBy))
	}
	b := say("info", "citizen.start.oral_end")
	b.Title = w.T("citizen.start.oral_end.title", "date", w.DateTime(v.OralUntil))
	return b
}

// saidAloud reports whether the reader has said yes aloud and can write it.
func saidAloud(v *consenting.Version) bool {
	return len(v.Signers) > 0 && v.Signers[0].Oral != nil && v.Signers[0].Oral.State == sig.OralConfirmed
}

// waitingOf is for a version that has been answered and still waits.
func waitingOf(say func(kind, key string, args ...any) *startBanner, v *consenting.Version) *startBanner {
	if v == nil || v.Can(consenting.ActionSign) || len(v.Signers) == 0 {
		return nil
	}
	switch v.Signers[0].Answer {
	case sig.AnswerSigned:
		return say("info", "citizen.start.waiting")
	case sig.AnswerRefused:
		return say("info", "citizen.start.refused")
	}
	return nil
}

// dayOf is when sharing ended: the day itself, or the day before a midnight.
func dayOf(w familyWords, c *consenting.Case) string {
	end := c.SharingEnded
	if end.IsZero() {
		end = c.StateSince
	}
	return w.DateTime(end)
}

func consentPath(id sig.ConsentID) string { return "/consents/" + id.String() }

func receiptPath(reference string) string { return "/receipts/" + reference }

func diaryPath(id sig.InterventionID) string { return casePath(id) + "/diary" }

// withdrawPath leads to taking back; a row says for which recipient.
func withdrawPath(id sig.InterventionID, row sig.GrantID) string {
	path := casePath(id) + "/withdraw"
	if row.IsZero() {
		return path
	}
	return path + "?row=" + row.String()
}
