package httpd

import (
	"time"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// itemsData is what the own authority has written in one case.
type itemsData struct {
	Base
	Top   caseTop
	Items []itemRow
}

// itemRow is an item in a list: nothing of its text.
type itemRow struct {
	Path, Categories, Author string
	Written                  time.Time
	Blocked, Corrects        bool
	Sent, Waiting, Undecided int
}

var sampleItems = []itemRow{
	{Path: "/x/1", Categories: "Närvaro i skolan", Author: "Skolkurator, Farstaskolan", Written: time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC), Sent: 1, Undecided: 2},
	{Path: "/x/2", Categories: "Trivsel i skolan och Vänner", Author: "Skolkurator, Farstaskolan", Written: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), Blocked: true, Corrects: true, Waiting: 1},
}

var itemsPage = page("item_list", func(b Base) []itemsData {
	ended := sampleTop
	ended.Live = false
	return []itemsData{{b, sampleTop, sampleItems}, {Base: b, Top: sampleTop}, {Base: b, Top: ended}}
})

// itemsList lists the items, newest first.
func (a *App) itemsList(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	items, err := a.deps.Sharing.Items(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	return itemsPage.Send(r, itemsData{r.Base("item.list.title"), topOf(head), itemRows(w, id, items)})
}

func itemRows(w itemWords, id sig.InterventionID, items []sharing.ItemLine) []itemRow {
	var rows []itemRow
	for _, it := range items {
		rows = append(rows, itemRow{
			Path: itemPath(id, it.ID), Categories: w.categories(it.Categories), Author: w.place(it.Function, it.Unit), Written: it.CreatedAt,
			Blocked: it.Blocked, Corrects: it.Corrects != nil, Sent: it.Sent, Waiting: it.Waiting, Undecided: it.Undecided,
		})
	}
	return rows
}
