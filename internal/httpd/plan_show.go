package httpd

import (
	"time"

	"sigportal/internal/picture"
	"sigportal/internal/plan"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// planData is the plan as its reader may see it.
type planData struct {
	Base
	Top         caseTop
	Path        string
	Version     int
	FollowUp    string
	Goals       []string
	Words       []string
	Commitments []commitmentRow
	Progress    picture.Picture
	Board       bool
	Edit        string
	Visibility  string
	Changes     string // what has changed since the version before
	Export      string // without its ending
	Copy        string // for another board
}

// commitmentRow is which function does what by when.
type commitmentRow struct {
	Path, Who, Text, Due string
	State, Kind          string // the status that the state is drawn with
	Overdue              bool
	Closed, Why, Note    string
	Report, Stop         bool
}

var sampleCommitments = []commitmentRow{
	{Path: "/x/1", Who: "Kommunpolis, Lokalpolisområde Farsta", Text: "Pratar med Amir vid fritidsgården.", Due: "10 december 2026", State: "Pågår", Kind: "waiting", Overdue: true, Report: true, Stop: true},
	{Path: "/x/2", Who: "Skolkurator, Farstaskolan", Text: "Två samtal i veckan.", Due: "17 december 2026", State: "Gjort", Kind: "may", Closed: "3 december 2026", Note: "Vi har setts två gånger."},
	{Path: "/x/3", Who: "Mentor, Farstaskolan", Text: "Läxhjälp.", Due: "17 december 2026", State: "Stoppat", Kind: "ended", Closed: "3 december 2026", Why: "Samtycket togs tillbaka."},
}

var planPage = page("plan_show", func(b Base) []planData {
	board := planData{
		Base: b, Top: sampleTop, Path: "/x", Version: 2, FollowUp: "1 mars 2027", Goals: []string{"Hemma före 22 på vardagar."}, Words: []string{"Jag vill spela fotboll igen."},
		Commitments: sampleCommitments, Progress: picture.Progress(b.Language, 1, 1, 1), Board: true, Edit: "/x/edit", Visibility: "/x/visibility", Changes: "/x/changes", Export: "/x/export", Copy: "/x/copy",
	}
	partner := board
	partner.Board, partner.Words, partner.Edit, partner.Visibility, partner.Commitments = false, nil, "", "", sampleCommitments[:1]
	partner.Changes, partner.Export, partner.Copy = "", "", ""
	cut := planData{Base: b, Top: sampleTop, Path: "/x"}
	cut.CutOff = &CutOff{At: sampleNow, Why: b.T("cutoff.withdrawn")}
	return []planData{board, partner, {Base: b, Top: sampleTop, Path: "/x", Board: true, Edit: "/x/edit"}, {Base: b, Top: sampleTop, Path: "/x"}, cut}
})

func planPath(id sig.InterventionID) string { return casePath(id) + "/plan" }

// planShow opens the plan: every opening is in the log. What a cut has taken is
// said to be hidden, to those who had it.
func (a *App) planShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := planData{
		Base: r.Base("plan.title"), Path: planPath(id), Board: open.OnBoard,
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true},
	}
	data.fill(w, open)
	if open.Actions.Write {
		data.Edit = data.Path + "/edit"
	}
	if open.Actions.DecideVisibility {
		data.Visibility = data.Path + "/visibility"
	}
	if open.OnBoard && open.Version > 0 {
		data.Export = data.Path + "/export"
	}
	if open.Actions.Write && open.Version > 0 {
		data.Copy = data.Path + "/copy"
	}
	if open.OnBoard && open.Version > 1 {
		data.Changes = data.Path + "/changes"
	}
	if open.Stopped != nil {
		data.CutOff = &CutOff{At: open.Stopped.At, Why: r.lang.T(sharing.Why(open.Stopped.By))}
	}
	return planPage.Send(r, data)
}

func (d *planData) fill(w itemWords, open *plan.Open) {
	if d.Version = open.Version; open.Version == 0 {
		return
	}
	d.FollowUp = w.lang.Date(open.FollowUp.Start())
	d.Goals, d.Words = textsOf(open.Goals), textsOf(open.Words)
	for _, c := range open.Commitments {
		d.Commitments = append(d.Commitments, commitmentRowOf(w, d.Path, c, open.Protected))
	}
	if done, left, stopped := open.Progress(); done+left+stopped > 0 {
		d.Progress = picture.Progress(w.lang, done, left, stopped)
	}
}

func textsOf(texts []plan.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, t.Text)
	}
	return list
}

func commitmentRowOf(w itemWords, path string, c plan.Commitment, protected bool) commitmentRow {
	row := commitmentRow{
		Path: path + "/commitments/" + c.ID.String(), Who: w.called(c.Seat, protected), Text: c.Text, Due: w.lang.Date(c.DueOn.Start()),
		State: w.lang.T("plan.state." + string(c.State)), Kind: "waiting", Overdue: c.Overdue, Note: c.Note, Report: c.Report, Stop: c.Stop,
	}
	if c.State == sig.CommitmentOpen {
		return row
	}
	row.Kind, row.Closed = "may", w.lang.Date(c.Closed.Start())
	if c.State == sig.CommitmentStopped {
		row.Kind, row.Why = "ended", w.lang.T("plan.stopped."+c.ClosedBy)
	}
	return row
}

// familyPlanData is the plan before a member of the family: what was decided
// visible for this one. What is hidden leaves no gap.
type familyPlanData struct {
	Base
	FollowUp string
	Goals    []string
	Words    []string
	Promises []commitmentRow
	Progress picture.Picture
}

var familyPlanPage = page("plan_family", func(b Base) []familyPlanData {
	return []familyPlanData{
		{
			Base: b, FollowUp: "1 mars 2027", Goals: []string{"Hemma före 22 på vardagar."}, Words: []string{"Jag vill spela fotboll igen."},
			Promises: sampleCommitments, Progress: picture.Progress(b.Language, 1, 1, 1),
		},
		{Base: b},
	}
})

// familyPlanShow shows it; the opening is in the log.
func (a *App) familyPlanShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	var all planData
	all.fill(w, open)
	return familyPlanPage.Send(r, familyPlanData{
		Base: r.Base("plan.family.title"), FollowUp: all.FollowUp, Goals: all.Goals, Words: all.Words, Promises: all.Commitments, Progress: all.Progress,
	})
}

// formDay is a day as a form's date field writes it.
func formDay(d sig.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// formDate is the day of a form's date field; nothing typed is no day.
func formDate(t time.Time) sig.Date {
	if t.IsZero() {
		return sig.Date{}
	}
	return sig.DateOf(t)
}
