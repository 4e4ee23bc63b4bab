package httpd

import (
	"strconv"

	"sigportal/internal/fault"
	"sigportal/internal/picture"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// planChangesData is what has changed in the plan since an earlier version, in
// words and as a picture.
type planChangesData struct {
	Base
	Path     string // of the plan
	Since    int
	Version  int
	Earlier  []versionLink
	Picture  picture.Picture
	Goals    []changedText
	Words    []changedText
	Promised []commitmentRow
}

// versionLink leads to the changes since another version.
type versionLink struct {
	Number int
	Path   string
	Here   bool
}

// changedText is one text then and now; see plan.Change.
type changedText struct{ Before, Now string }

var planChangesPage = page("plan_changes", func(b Base) []planChangesData {
	one := planChangesData{
		Base: b, Path: "/x", Since: 2, Version: 3, Earlier: []versionLink{{1, "/x?since=1", false}, {2, "/x?since=2", true}},
		Picture: picture.Changed(b.Language, 3, 2, 1), Goals: []changedText{{"Hemma före 23.", "Hemma före 22 på vardagar."}, {"", "Fotboll igen."}, {"Sova mer.", ""}},
		Words: []changedText{{"", "Jag vill spela fotboll igen."}}, Promised: sampleCommitments[:1],
	}
	return []planChangesData{one, {Base: b, Path: "/x", Since: 1, Version: 2}}
})

// planChangesShow shows them; the opening is in the log.
func (a *App) planChangesShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	since := 0
	if text := r.Query("since"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fault.Missing()
		}
		since = n
	}
	changes, err := a.deps.Plan.Changes(r.Context(), r.Actor(), id, since)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := planChangesData{Base: r.Base("plan.changes.title", "since", changes.Since), Path: planPath(id), Since: changes.Since, Version: changes.Version}
	data.fill(w, changes)
	return planChangesPage.Send(r, data)
}

func (d *planChangesData) fill(w itemWords, c *plan.Changes) {
	for n := 1; n < c.Version; n++ {
		d.Earlier = append(d.Earlier, versionLink{n, d.Path + "/changes?since=" + strconv.Itoa(n), n == c.Since})
	}
	added, gone := c.Count()
	if c.Kept+added+gone > 0 {
		d.Picture = picture.Changed(w.lang, c.Kept, added, gone)
	}
	for _, one := range c.Goals {
		d.Goals = append(d.Goals, changedText(one))
	}
	for _, one := range c.Words {
		d.Words = append(d.Words, changedText(one))
	}
	for _, one := range c.Promised {
		d.Promised = append(d.Promised, commitmentRowOf(w, d.Path, one, c.Protected))
	}
}
