package httpd

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// chooseData is the first step of a disclosure: who is to be told.
type chooseData struct {
	Base
	Top        caseTop
	Path       string
	Categories string
	Key        string
	Can        []recipientRow
	Cannot     []recipientRow
	AnyWeaker  bool
}

// recipientRow is a function that might be told, with the answer about it.
type recipientRow struct {
	Field, Value, ID     string
	Name                 string
	Chosen               bool
	Until                time.Time
	Internal, Second     bool
	Private, NobodyReads bool
	Readers              []string
	Weaker               string
	Safer                []string
	Why, Todo            string
	Purpose              whyWords // of the row that it would go by
}

var sampleCan = []recipientRow{
	{Field: "recipients", Value: "a/b/c", ID: "recipients-b-c", Name: "SIG-samordnare, Enheten för barn och unga", Until: time.Date(2027, 5, 31, 22, 0, 0, 0, time.UTC), Readers: []string{"Karin Ek"}, Purpose: whyWords{Text: "Hindra nya brott"}},
	{Field: "recipients", Value: "a/b/d", ID: "recipients-b-d", Name: "Mentor, Farstaskolan", Until: time.Date(2027, 5, 31, 22, 0, 0, 0, time.UTC), Purpose: whyWords{Text: "Få skolan att fungera", Addition: "Läxhjälp"}, NobodyReads: true, Weaker: "Hos mottagaren är uppgiften oftast offentlig.", Safer: []string{"Skolkurator, elevhälsan"}},
	{Field: "recipients", Value: "a/b/e", ID: "recipients-b-e", Name: "Fältassistent, Farsta", Internal: true, Readers: []string{"Jonas Dahl"}, Second: true},
	{Field: "private", Value: "p", ID: "private-p", Name: "Närstående", Private: true, Weaker: "Hos mottagaren gäller ingen sekretess."},
}

var choosePage = page("disclosure_choose", func(b Base) []chooseData {
	cannot := []recipientRow{{Name: "Kommunpolis, Lokalpolisområde Järva", Why: b.T("reason.district_not_covered"), Todo: b.T("reason.district_not_covered.todo")}}
	return []chooseData{
		{Base: b, Top: sampleTop, Path: "/x", Categories: "Närvaro i skolan", Key: "k", Can: sampleCan, Cannot: cannot, AnyWeaker: true},
		{Base: b, Top: sampleTop, Path: "/x", Categories: "Närvaro i skolan", Key: "k", Cannot: cannot},
	}
})

// disclosureChoose shows every function that the consent names, each with the
// answer that sending will give: a refused one with the reason and what to do.
func (a *App) disclosureChoose(r *Request) error {
	id, itemID, err := r.itemAddress()
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	found, err := a.deps.Sharing.Candidates(r.Context(), r.Actor(), id, itemID)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := chooseData{
		Base: r.Base("disclose.title"), Top: topOf(head), Path: itemPath(id, itemID), Categories: w.categories(found.Categories),
		Key: uuid.NewString(),
	}
	for _, c := range found.List {
		row := recipientRowOf(w, c)
		row.Chosen = data.Form.Has(row.Field, row.Value)
		if c.Allowed {
			data.Can = append(data.Can, row)
			data.AnyWeaker = data.AnyWeaker || row.Weaker != ""
		} else if string(c.Reason) != "own_item" {
			data.Cannot = append(data.Cannot, row)
		}
	}
	return choosePage.Send(r, data)
}

func recipientRowOf(w itemWords, c sharing.Candidate) recipientRow {
	row := recipientRow{
		Field: "recipients", Value: seatValue(c.Seat), ID: seatID(c.Seat), Name: w.recipient(c.Seat, !c.PrivateGrant.IsZero(), c.Private, c.PrivateName),
		Until: c.Until, Purpose: whyOf(w.lang, c.Aim), Internal: c.Internal, Second: c.SecondNeeded, Readers: c.Readers,
	}
	if !c.PrivateGrant.IsZero() {
		row.Field, row.Value, row.ID, row.Private = "private", c.PrivateGrant.String(), "private-"+c.PrivateGrant.String(), true
	}
	row.NobodyReads = !row.Private && len(c.Readers) == 0
	if c.Weaker != "" {
		row.Weaker = w.lang.T(c.Weaker)
	}
	for _, s := range c.Safer {
		row.Safer = append(row.Safer, w.seat(s))
	}
	if !c.Allowed {
		row.Why = w.lang.T("reason." + string(c.Reason))
		if todo := "reason." + string(c.Reason) + ".todo"; w.lang.Has(todo) {
			row.Todo = w.lang.T(todo)
		}
	}
	return row
}

// disclosureForm is what both steps send: the check page repeats the first
// step's fields and says that it has been checked.
type disclosureForm struct {
	Key          string        `form:"key,max=64,required"`
	Recipients   []string      `form:"recipients,max=300"`
	Private      []sig.GrantID `form:"private"`
	Necessity    string        `form:"necessity,max=1000,lines"`
	WeakerReason string        `form:"weaker_reason,max=1000,lines"`
	Checked      bool          `form:"checked"`
	Change       bool          `form:"change"`
}

func (f *disclosureForm) act(id sig.InterventionID, item sig.ItemID) (sharing.NewDisclosure, error) {
	in := sharing.NewDisclosure{
		Key: f.Key, Intervention: id, Item: item, Private: f.Private, Necessity: f.Necessity, WeakerReason: f.WeakerReason,
	}
	for _, value := range f.Recipients {
		seat, err := readSeat(value)
		if err != nil {
			return in, err
		}
		in.Recipients = append(in.Recipients, seat)
	}
	return in, nil
}

// atRecipients moves the faults of recipients to the fields from which they
// were chosen.
func atRecipients(err error, in sharing.NewDisclosure) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i, f := range wrong.Fields {
		for n, seat := range in.Recipients {
			if f.Name == fmt.Sprintf("recipients.%d", n) {
				wrong.Fields[i].Name = seatID(seat)
			}
		}
		for n, grant := range in.Private {
			if f.Name == fmt.Sprintf("private.%d", n) {
				wrong.Fields[i].Name = "private-" + grant.String()
			}
		}
		if strings.HasSuffix(f.Code, "weaker_unanswered") {
			wrong.Fields[i].Name = "weaker_reason"
		}
	}
	return wrong
}
