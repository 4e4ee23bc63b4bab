package httpd

import (
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/picture"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// boardCaseData is a case as those see it who take part for its board.
type boardCaseData struct {
	Base
	Top       caseTop
	State     string
	Kind      string // the status that the state is drawn with
	Programme string
	Age       int
	Since     time.Time
	Notices   []boardNotice
	Step      *boardStep
	Shown     *boardVersion // in force
	Unused    *unusedUse    // of what is in force
	Prepared  *boardVersion // in preparation
	Past      []pastVersion
	Timeline  picture.Picture
	Left      picture.Picture
	Tasks     []taskRow
	Acts      []boardAct
	Receipts  []receiptRow
	Disclosed []disclosedRow
	Items     []itemRow
	Inbox     []inboxRow
	MoreInbox bool
	Hidden    int
	Ended     bool
}

// boardNotice is something about the case that must not be missed.
type boardNotice struct{ Kind, Title, Text string }

// boardVersion is one version with its rows: as a table, in words, and who signs.
type boardVersion struct {
	ID         string
	Title      string
	State      string
	Kind       string
	Matrix     boardMatrix
	Rows       []rowSentence
	Exclusions []string
	Signers    []signerRow
	Lapses     string
	Decision   string
	Explain    string // the address of explaining, where that is open
	Paper      string // the address of recording a signature on paper
	Hear       string // the address of recording a yes that was said aloud
	Edit       string
	Preview    string
	Discard    string
}

// pastVersion is a version that has ended.
type pastVersion struct {
	Number int
	State  string
	Change string
	At     time.Time
}

// boardCaseShow shows who may know what and until when, who has signed, what
// should happen next, and what has been told.
func (a *App) boardCaseShow(r *Request, id sig.InterventionID) error {
	c, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	view, err := a.deps.Sharing.Overview(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	tasks, err := a.deps.Casework.TasksOf(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := boardCaseData{Base: r.Base("intervention.title", "name", c.Youth.Name), Top: topOf(&view.Head)}
	data.consent(familyWords{Language: r.lang}, c, w.dir)
	data.sharing(w, id, view)
	data.todo(w, tasks)
	return boardCasePage.Send(r, data)
}

// consent fills in all that follows from the consent.
func (d *boardCaseData) consent(w familyWords, c *consenting.Case, dir *sig.Directory) {
	d.State, d.Programme = w.T("state.intervention."+string(c.State)), w.T("programme."+string(c.Programme))
	d.Kind, d.Age, d.Since, d.Ended = kindOf(c), c.Youth.Age, c.StateSince, c.State.Ended()
	d.Notices = noticesOf(w, c, dir)
	d.Step = stepOf(w, c)
	d.Acts = actsOf(w, c)
	if v := c.InForce; v != nil {
		d.Shown, d.Unused = boardVersionOf(w, c, v), unusedOf(w, c)
		d.Timeline = boardTimeline(w, v, c.Now)
		if end := endsAt(v); c.Now.Before(end) {
			d.Left = picture.DaysLeft(w.Language, c.Now, v.ActivatedAt, end)
		}
	}
	if v := c.Preparing; v != nil {
		d.Prepared = boardVersionOf(w, c, v)
	}
	for _, v := range c.Past {
		d.Past = append(d.Past, pastVersion{
			Number: v.Number, State: w.T("state.consent." + string(v.State)), Change: w.T("consent.change." + string(v.Change)), At: v.EndedAt,
		})
	}
	for _, line := range c.Receipts {
		d.Receipts = append(d.Receipts, receiptRow{recordedPath(c.ID, line.Reference), line.ReceivedAt, w.T("channel." + string(line.Channel))})
	}
}

// sharing fills in what the own authority wrote, sent and received.
func (d *boardCaseData) sharing(w itemWords, id sig.InterventionID, view *sharing.Overview) {
	d.Items = itemRows(w, id, view.Items[:min(len(view.Items), 5)])
	d.Inbox, d.MoreInbox, d.Hidden = inboxRows(w, view.Inbox), view.MoreInbox, len(view.Hidden)
	for _, one := range view.Disclosures {
		d.Disclosed = append(d.Disclosed, disclosedRowOf(w, id, one))
	}
}

func (d *boardCaseData) todo(w itemWords, tasks []casework.TaskLine) {
	for _, t := range tasks {
		t.CaseNumber = d.Top.Number
		row := taskRowOf(w, t)
		if path := boardTaskPath(t); path != "" {
			row.Path = path
		}
		d.Tasks = append(d.Tasks, row)
	}
}

// boardTaskPath is the page on which a task of the board is done, where that
// is not the case itself.
func boardTaskPath(t casework.TaskLine) string {
	path := casePath(t.Intervention)
	switch t.Kind {
	case "consider_other_measures":
		return path + "/outcome"
	case "decide_measure":
		return path + "/decision"
	case "answer_request", "set_participation", "proposal_received":
		return path + "/seats"
	case "decide_visibility":
		return itemPath(t.Intervention, sig.ItemID{UUID: t.Object}) + "/visibility"
	case "review_incident":
		return path + "/incidents"
	case "answer_inquiry":
		return inquiryPath(sig.InquiryID{UUID: t.Object})
	case "answer_question":
		return questionPath(sig.QuestionID{UUID: t.Object})
	case "protection_followed":
		return path + "/protection"
	case "explain_consent":
		return explainPath(sig.ConsentID{UUID: t.Object})
	case "review_meeting":
		return meetingPath(t.Intervention, sig.MeetingID{UUID: t.Object})
	default:
		return ""
	}
}

// kindOf is the status that a case's state is drawn with.
func kindOf(c *consenting.Case) string {
	if c.InForce != nil && c.InForce.State == sig.ConsentSuspended && !c.State.Ended() && c.State != sig.InterventionSharingStopped {
		return "paused"
	}
	return stateKind(c.State)
}

// stateKind is kindOf where nothing is known but the state.
func stateKind(state sig.InterventionState) string {
	switch {
	case state.Ended():
		return "closed"
	case state == sig.InterventionSharingStopped:
		return "ended"
	case state == sig.InterventionActive:
		return "may"
	}
	return "waiting"
}
