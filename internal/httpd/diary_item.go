package httpd

import (
	"time"

	"sigportal/internal/sig"
)

// diaryItemData is one text, open before a member of the family.
type diaryItemData struct {
	Base
	Diary      string
	Ask        string // to say that it is not right, or ask
	Categories string
	Author     string
	Text       string
	Written    time.Time
}

// diaryItem opens a text that was decided visible for the reader; the opening
// is in the log. Anything else answers as if there were none.
func (a *App) diaryItem(r *Request) error {
	var id sig.InterventionID
	var itemID sig.ItemID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "item", &itemID); err != nil {
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
	return diaryItemPage.Send(r, diaryItemData{
		Base: r.Base("citizen.item.title"), Diary: diaryPath(id), Ask: inquiriesPath(id) + "/new?item=" + itemID.String(), Categories: w.categories(inOrder(item.Categories)),
		Author: w.place(item.Function, item.Unit), Text: item.Text, Written: item.CreatedAt,
	})
}

var diaryItemPage = page("diary_item", func(b Base) []diaryItemData {
	b.Title = b.T("citizen.item.title")
	return []diaryItemData{{
		Base: b, Diary: "/x/diary", Ask: "/x", Categories: "Närvaro i skolan", Author: "Skolkurator, Farstaskolan",
		Text: "Amir var i skolan alla dagar i veckan.\nHan kom i tid.", Written: sampleNow,
	}}
})
