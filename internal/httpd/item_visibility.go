package httpd

import (
	"fmt"
	"slices"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// visibilityData is the form on which it is decided, one by one, who of the
// family may see an item.
type visibilityData struct {
	Base
	Top        caseTop
	Path       string
	Categories string
	Members    []visibilityMember
	Grounds    []fieldChoice
}

// visibilityMember is one member of the family, with what is decided now.
type visibilityMember struct {
	At, Name, Who, Viewer                string
	Decision, Ground, Reason             string
	Home, Youth, HomeTicked, HasDecision bool
	Alone                                bool // the young person disposes over it alone: nothing to decide
	Options                              []fieldChoice
}

var visibilityPage = page("item_visibility", func(b Base) []visibilityData {
	options := []fieldChoice{{Value: "visible", Text: "Får se"}, {Value: "hidden", Text: "Får inte se"}}
	return []visibilityData{{
		Base: b, Top: sampleTop, Path: "/x", Categories: "Närvaro i skolan",
		Members: []visibilityMember{
			{At: "members.0", Name: "Amir Rahimi", Who: "Den unge", Viewer: "v", Decision: "visible", Youth: true, Home: true, Options: options},
			{At: "members.1", Name: "Omid Rahimi", Who: "Vårdnadshavare", Viewer: "w", Decision: "", Options: options},
			{At: "members.2", Name: "Sara Rahimi", Who: "Vårdnadshavare", Viewer: "x", Alone: true},
		},
		Grounds: []fieldChoice{{Value: "third_party", Text: "Rör någon annan"}},
	}}
})

// visibilityForm is one decision per member. Who is left undecided stays so.
type visibilityForm struct {
	Members []struct {
		Viewer   sharing.ViewerID `form:"viewer"`
		Decision string           `form:"decision"`
		Ground   string           `form:"ground"`
		Reason   string           `form:"reason,max=1000,lines"`
		Home     bool             `form:"home"`
	} `form:"members"`
}

// visibilityShow shows the form.
func (a *App) visibilityShow(r *Request) error {
	id, itemID, err := r.itemAddress()
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	item, err := a.deps.Sharing.OpenItem(r.Context(), r.Actor(), id, itemID)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := visibilityData{
		Base: r.Base("item.visibility.title"), Top: topOf(head), Path: itemPath(id, itemID), Categories: w.categories(item.Categories),
	}
	for n, v := range item.Family {
		data.Members = append(data.Members, memberOf(w, n, v))
	}
	for _, g := range sharing.Grounds {
		if g != "none" {
			data.Grounds = append(data.Grounds, fieldChoice{Value: g, Text: r.lang.T(grounds[g])})
		}
	}
	return visibilityPage.Send(r, data)
}

func memberOf(w itemWords, n int, v sharing.FamilyView) visibilityMember {
	m := visibilityMember{
		At: fmt.Sprintf("members.%d", n), Name: v.Name, Who: w.lang.T("person." + string(v.Kind)), Viewer: v.Viewer.String(),
		Ground: v.Ground, Reason: v.Reason, Home: v.LowRiskAtHome, Youth: v.Kind == sig.SignerYouth, HasDecision: v.Decided, Alone: v.Alone,
	}
	m.Options = []fieldChoice{
		{Value: "visible", Text: w.lang.T("item.visibility.visible")}, {Value: "hidden", Text: w.lang.T("item.visibility.hidden")},
	}
	switch {
	case v.Decided && v.Visible:
		m.Decision = "visible"
	case v.Decided:
		m.Decision = "hidden"
	}
	return m
}

// visibilityDecide records every decision that differs from what is decided.
func (a *App) visibilityDecide(r *Request) error {
	id, itemID, err := r.itemAddress()
	if err != nil {
		return err
	}
	var in visibilityForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.visibilityShow)
	}
	var noes fault.Check
	for n, m := range in.Members {
		at := fmt.Sprintf("members.%d.", n)
		if !slices.Contains([]string{"", "visible", "hidden"}, m.Decision) {
			noes.Fail(at+"decision", "error.choose_one")
		}
		if m.Ground != "" && !slices.Contains(sharing.Grounds, m.Ground) {
			noes.Fail(at+"ground", "error.choose_one")
		}
		if m.Decision == "hidden" && m.Ground == "" {
			noes.Fail(at+"ground", "error.choose_ground")
		}
	}
	if err := noes.Err(); err != nil {
		return r.Again(err, a.visibilityShow)
	}
	item, err := a.deps.Sharing.OpenItem(r.Context(), r.Actor(), id, itemID)
	if err != nil {
		return err
	}
	for n, m := range in.Members {
		if m.Decision != "visible" && m.Decision != "hidden" {
			continue
		}
		decision := sharing.NewVisibility{
			Intervention: id, Item: itemID, Viewer: m.Viewer, Visible: m.Decision == "visible",
			LowRiskAtHome: m.Decision == "visible" && m.Home, Ground: m.Ground, Reason: m.Reason,
		}
		if decided(item.Family, decision) {
			continue
		}
		if err := a.deps.Sharing.DecideVisibility(r.Context(), r.Actor(), decision); err != nil {
			return r.Again(under(err, fmt.Sprintf("members.%d.", n)), a.visibilityShow)
		}
	}
	return r.SeeOther(itemPath(id, itemID), "flash.visibility_saved")
}

// decided reports whether exactly this is decided already.
func decided(family []sharing.FamilyView, d sharing.NewVisibility) bool {
	for _, v := range family {
		if v.Viewer != d.Viewer || !v.Decided || v.Visible != d.Visible || v.LowRiskAtHome != d.LowRiskAtHome || v.Reason != d.Reason {
			continue
		}
		return d.Visible || v.Ground == d.Ground
	}
	return false
}

// under puts the faults of one row under the row's name in the form.
func under(err error, prefix string) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i := range wrong.Fields {
		wrong.Fields[i].Name = prefix + wrong.Fields[i].Name
	}
	return wrong
}
