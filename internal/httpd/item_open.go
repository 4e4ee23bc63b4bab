package httpd

import (
	"errors"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// itemData is one item, open before somebody of its own authority.
type itemData struct {
	Base
	Top        caseTop
	Path       string
	Categories []string
	Author     string
	Owner      string
	Text       string
	Written    time.Time
	Blocked    bool
	Corrects   string // the address of the item that it corrects
	Correct    string // the address of the form for a correction
	Concerns   []concernRow
	Viewers    []familyRow
	Disclosed  []disclosedRow
	Can        sharing.ItemActions
}

type concernRow struct{ Name, Handled string }

// familyRow is what one member of the family may see of an item.
type familyRow struct {
	Name, Who, Kind, Ground, Reason string
	Home                            bool
}

var sampleFamily = []familyRow{
	{Name: "Amir Rahimi", Who: "Den unge", Kind: "may", Home: true},
	{Name: "Sara Rahimi", Who: "Vårdnadshavare", Kind: "waiting"},
	{Name: "Omid Rahimi", Who: "Vårdnadshavare", Kind: "hidden", Ground: "Betydande men (OSL 12:3)", Reason: "Amir berättar om slag."},
}

var itemPage = page("item_open", func(b Base) []itemData {
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	whole := itemData{
		Base: b, Top: sampleTop, Path: "/x", Categories: []string{"Närvaro i skolan", "Vänner"}, Author: "Skolkurator, Farstaskolan",
		Owner: "Utbildningsnämnden", Text: "Amir var i skolan alla dagar.\nHan kom i tid.", Written: at, Corrects: "/x/0", Correct: "/x/new?corrects=1",
		Concerns: []concernRow{{"Lisa Ek", "Är borttagen ur texten"}}, Viewers: sampleFamily,
		Disclosed: []disclosedRow{
			{"/x/1", "SIG-samordnare, Farsta", "Närvaro i skolan", "sent", at}, {"/x/2", "Mentor, Farstaskolan", "Närvaro i skolan", "queued", at},
			{"/x/3", "Rektor, Farstaskolan", "Närvaro i skolan", "cancelled", at},
		},
		Can: sharing.ItemActions{Disclose: true, Block: true, DecideVisibility: true, Correct: true},
	}
	blocked := whole
	blocked.Blocked, blocked.Can.Disclose, blocked.Disclosed = true, false, nil
	ended := itemData{Base: b, Top: sampleTop, Path: "/x", Categories: whole.Categories[:1], Text: "Kort.", Written: at}
	return []itemData{whole, blocked, ended}
})

// itemOpen opens an item; every opening is in the log.
func (a *App) itemOpen(r *Request) error {
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
	told, err := a.deps.Sharing.Disclosures(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := itemData{
		Base: r.Base("item.title", "categories", w.categories(item.Categories)), Top: topOf(head), Path: itemPath(id, itemID),
		Categories: w.categoryNames(item.Categories), Author: w.place(item.Function, item.Unit), Owner: w.authority(item.Authority),
		Text: item.Text, Written: item.CreatedAt, Blocked: item.Blocked, Viewers: familyRows(w, item.Family), Can: item.Actions,
		Correct: casePath(id) + "/items/new?corrects=" + itemID.String(),
	}
	if item.Corrects != nil {
		data.Corrects = itemPath(id, *item.Corrects)
	}
	for _, c := range item.Concerns {
		data.Concerns = append(data.Concerns, concernRow{c.Name, r.lang.T("item.concerns." + c.Handled)})
	}
	for _, d := range told {
		if d.Item == itemID {
			data.Disclosed = append(data.Disclosed, disclosedRowOf(w, id, d))
		}
	}
	return itemPage.Send(r, data)
}

// itemAddress reads the case and the item of the path.
func (r *Request) itemAddress() (id sig.InterventionID, item sig.ItemID, err error) {
	err = errors.Join(pathID(r, "id", &id), pathID(r, "item", &item))
	return id, item, err
}

// grounds are the words of the grounds on which an item is kept from somebody.
var grounds = map[string]string{
	"osl_12_3_severe_harm": "visibility.ground.severe_harm", "youth_disposes_alone": "visibility.ground.youth_disposes_alone",
	"third_party": "visibility.ground.third_party", "osl_26_5_reporter": "visibility.ground.reporter",
	"osl_26_2_whereabouts": "visibility.ground.whereabouts", "none": "visibility.ground.none",
}

func familyRows(w itemWords, views []sharing.FamilyView) []familyRow {
	var rows []familyRow
	for _, v := range views {
		row := familyRow{Name: v.Name, Who: w.lang.T("person." + string(v.Kind)), Kind: "waiting", Home: v.LowRiskAtHome}
		switch {
		case v.Alone:
			row.Kind, row.Ground = "hidden", w.lang.T(grounds["youth_disposes_alone"])
		case v.Decided && v.Visible:
			row.Kind = "may"
		case v.Decided:
			row.Kind, row.Reason = "hidden", v.Reason
			if key, ok := grounds[v.Ground]; ok {
				row.Ground = w.lang.T(key)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// asInvalid gives the fault that a form is shown again for, or nil.
func asInvalid(err error) *fault.Error {
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Invalid {
		return wrong
	}
	return nil
}
