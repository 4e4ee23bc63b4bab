package httpd

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// planEditData is the form of a new version.
type planEditData struct {
	Base
	Top      caseTop
	Path     string
	Version  string
	Draft    draftBox
	FollowUp string
	Words    string
	Goals    []goalRow
	Adds     []pointRow
	Seats    []fieldChoice
	Has      bool // there are commitments already
	Newer    *newerPlan
}

// newerPlan is what somebody has written since the form was opened.
type newerPlan struct {
	Goals, Words, Commitments []string
	FollowUp                  string
}

func newerPlanOf(w itemWords, open *plan.Open) *newerPlan {
	n := &newerPlan{Goals: textsOf(open.Goals), Words: textsOf(open.Words)}
	if open.FollowUp.Valid() {
		n.FollowUp = w.lang.Date(open.FollowUp.Start())
	}
	for _, c := range open.Commitments {
		n.Commitments = append(n.Commitments, w.called(c.Seat, open.Protected)+": "+c.Text)
	}
	return n
}

// goalRow is one goal's row of the form, counted from 0 and from 1.
type goalRow struct {
	Index, Number int
	Text          string
}

var planEditPage = page("plan_edit", func(b Base) []planEditData {
	one := planEditData{
		Base: b, Draft: sampleDraft, Top: sampleTop, Path: "/x", Version: "1", FollowUp: "2027-03-01", Words: "Jag vill spela fotboll igen.", Has: true,
		Goals: []goalRow{{0, 1, "Hemma före 22."}, {1, 2, ""}}, Adds: []pointRow{{0, 1}, {1, 2}}, Seats: []fieldChoice{{"a/b/c", "SIG-samordnare", "", false}},
	}
	first := planEditData{Base: b, Top: sampleTop, Path: "/x", Version: "0", Goals: []goalRow{{0, 1, ""}}, Adds: []pointRow{{0, 1}}, Seats: one.Seats}
	newer := one
	newer.Newer = &newerPlan{Goals: []string{"Hemma före 22."}, Words: []string{"Jag vill spela fotboll igen."}, Commitments: []string{"Skolkurator: ringer på måndag."}, FollowUp: "1 mars 2027"}
	return []planEditData{one, first, newer}
})

// The rows that the form shows.
const (
	goalRowsAtFirst = 3
	addRows         = 4
)

// planEdit shows the form to whoever writes the plan.
func (a *App) planEdit(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	seats, err := a.deps.Plan.Options(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if !open.Actions.Write {
		return fault.New(fault.Conflict, "error.plan_not_active")
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	kept, err := r.drafts(id, planDraft)
	if err != nil {
		return err
	}
	data := planEditData{
		Draft: kept, Base: r.Base("plan.edit.title"), Path: planPath(id), Version: strconv.Itoa(open.Version), FollowUp: formDay(open.FollowUp),
		Words: strings.Join(textsOf(open.Words), "\n"), Has: len(open.Commitments) > 0,
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true},
	}
	if r.changed() {
		data.Newer = newerPlanOf(w, open)
		data.Form.typed.Set("version", data.Version) // both have been seen now
	}
	for n := range min(max(goalRowsAtFirst, len(open.Goals)+2), sig.PlanGoals) {
		row := goalRow{Index: n, Number: n + 1}
		if n < len(open.Goals) {
			row.Text = open.Goals[n].Text
		}
		data.Goals = append(data.Goals, row)
	}
	for n := range addRows {
		data.Adds = append(data.Adds, pointRow{n, n + 1})
	}
	for _, s := range seats {
		data.Seats = append(data.Seats, fieldChoice{Value: seatValue(s), Text: w.called(s, open.Protected)})
	}
	return planEditPage.Send(r, data)
}

// planForm is what the form sends. An empty row is none.
type planForm struct {
	Draft    string    `form:"draft,max=60"`
	Version  int       `form:"version,max=9,required"`
	FollowUp time.Time `form:"follow_up,max=10"`
	Words    string    `form:"words,max=4000,lines"`
	Goals    []struct {
		Text string `form:"text,max=1000,lines"`
	} `form:"goals"`
	Add []struct {
		Seat string    `form:"seat,max=300"`
		Due  time.Time `form:"due,max=10"`
		Text string    `form:"text,max=1000,lines"`
	} `form:"add"`
}

// planWrite saves a version.
func (a *App) planWrite(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form planForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.planEdit)
	}
	in := plan.New{Intervention: id, Version: form.Version, FollowUp: formDate(form.FollowUp), Words: form.Words}
	var goals, adds []int
	for n, g := range form.Goals {
		if strings.TrimSpace(g.Text) != "" {
			in.Goals, goals = append(in.Goals, g.Text), append(goals, n)
		}
	}
	for n, c := range form.Add {
		if c.Seat == "" && c.Due.IsZero() && strings.TrimSpace(c.Text) == "" {
			continue
		}
		one := plan.NewCommitment{DueOn: formDate(c.Due), Text: c.Text}
		if c.Seat != "" {
			var err error
			if one.Seat, err = readSeat(c.Seat); err != nil {
				return err
			}
		}
		in.Add, adds = append(in.Add, one), append(adds, n)
	}
	if err := a.deps.Plan.Write(r.Context(), r.Actor(), in); err != nil {
		return r.Late(atRows(atRows(err, "goals", goals), "add", adds), a.planEdit)
	}
	r.draftDone(id)
	return r.SeeOther(planPath(id), "flash.plan_written")
}

const planDraft = "plan/edit"

// planVisibilityData is the form on which it is decided who of the family sees
// which text.
type planVisibilityData struct {
	Base
	Top     caseTop
	Path    string
	Members []planViewer
	Grounds []fieldChoice
}

// planViewer is one member of the family, with the texts and what is decided.
type planViewer struct {
	At, Name, Who, Viewer, Ground string
	Youth, Home                   bool
	Alone                         bool // a guardian, of a plan that the young person disposes over alone: nothing to decide
	Texts                         []planTextChoice
}

// planTextChoice is one text that may be ticked.
type planTextChoice struct {
	ID, Value, Text string
	Shown           bool
}

var planVisibilityPage = page("plan_visibility", func(b Base) []planVisibilityData {
	texts := []planTextChoice{{"members.0.shown.0", "t", "Hemma före 22 på vardagar.", true}}
	return []planVisibilityData{{
		Base: b, Top: sampleTop, Path: "/x", Grounds: []fieldChoice{{Value: "third_party", Text: "Rör någon annan"}},
		Members: []planViewer{{At: "members.0", Name: "Amir Rahimi", Who: "Den unge", Viewer: "v", Youth: true, Texts: texts},
			{At: "members.1", Name: "Sara Rahimi", Who: "Vårdnadshavare", Viewer: "x", Alone: true}},
	}}
})

// planVisibilityShow shows the form.
func (a *App) planVisibilityShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	viewers, err := a.deps.Plan.Viewers(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := planVisibilityData{
		Base: r.Base("plan.visibility.title"), Path: planPath(id),
		Top: caseTop{Path: casePath(id), Number: open.CaseNumber, Youth: open.YouthName, Live: true},
	}
	for n, v := range viewers {
		data.Members = append(data.Members, planViewerOf(r, n, v, open))
	}
	for _, g := range plan.Grounds {
		if g != "none" {
			data.Grounds = append(data.Grounds, fieldChoice{Value: g, Text: r.lang.T(grounds[g])})
		}
	}
	return planVisibilityPage.Send(r, data)
}

func planViewerOf(r *Request, n int, v plan.Viewer, open *plan.Open) planViewer {
	m := planViewer{
		At: fmt.Sprintf("members.%d", n), Name: v.Name, Who: r.lang.T("person." + string(v.Kind)), Viewer: v.ID.String(),
		Youth: v.Kind == sig.SignerYouth, Home: len(v.AtHome) > 0, Alone: v.Alone,
	}
	if len(v.Grounds) > 0 {
		m.Ground = v.Grounds[0]
	}
	for i, t := range open.Texts() {
		m.Texts = append(m.Texts, planTextChoice{fmt.Sprintf("%s.shown.%d", m.At, i), t.ID.String(), t.Text, v.Shows(t.ID)})
	}
	return m
}

// planVisibilityForm is one row per member.
type planVisibilityForm struct {
	Members []struct {
		Viewer plan.ViewerID    `form:"viewer"`
		Shown  []sig.PlanTextID `form:"shown"`
		Home   bool             `form:"home"`
		Ground string           `form:"ground"`
	} `form:"members"`
}

// planVisibilityDecide records what is ticked as visible, and what was taken
// back, which needs its ground. What nobody has decided stays so.
func (a *App) planVisibilityDecide(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form planVisibilityForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.planVisibilityShow)
	}
	var in []plan.Shown
	var rows []int
	for n, m := range form.Members {
		if m.Viewer.IsZero() {
			continue // of whom there is nothing to decide
		}
		rows, in = append(rows, n), append(in, plan.Shown{Viewer: m.Viewer, Texts: m.Shown, AtHome: m.Home, Ground: m.Ground})
	}
	if err := a.deps.Plan.Show(r.Context(), r.Actor(), id, in); err != nil {
		return r.Again(atRows(err, "members", rows), a.planVisibilityShow)
	}
	return r.SeeOther(planPath(id), "flash.visibility_saved")
}
