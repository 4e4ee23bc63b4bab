package httpd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// itemNewData is the form of a new item.
type itemNewData struct {
	Base
	Top        caseTop
	Key        string
	Corrects   string // the earlier item that this one corrects
	Categories []fieldChoice
	Handled    []fieldChoice
	People     []int // numbers of the rows for others whom it concerns
}

var itemNewPage = page("item_new", func(b Base) []itemNewData {
	data := itemNewData{Base: b, Top: sampleTop, Key: "k", Categories: []fieldChoice{{"attendance", "Närvaro i skolan", "Vilka dagar du är i skolan.", false}}, People: []int{0, 1}}
	again := data
	again.Corrects = "0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11"
	return []itemNewData{data, again}
})

// itemForm is what the form sends.
type itemForm struct {
	Key        string         `form:"key,max=64,required"`
	Corrects   string         `form:"corrects,max=36"`
	Categories []sig.Category `form:"categories"`
	Text       string         `form:"text,max=8000,lines"`
	Blocked    bool           `form:"blocked"`
	More       bool           `form:"more"`
	Concerns   []struct {
		Name    string `form:"name,max=200"`
		Handled string `form:"handled"`
	} `form:"concerns"`
}

// itemRowsAtFirst is how many rows for others the form has before anybody asks
// for more.
const itemRowsAtFirst = 2

// itemNew shows the form.
func (a *App) itemNew(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := itemNewData{Base: r.Base("item.new.title"), Top: topOf(head), Key: uuid.NewString()}
	if r.Method() == "GET" {
		var query struct {
			Corrects sig.ItemID `form:"corrects"`
		}
		if err := r.QueryForm(&query); err != nil {
			return fault.Missing()
		}
		data.Form = Fields{}
		if !query.Corrects.IsZero() {
			data.Corrects = query.Corrects.String()
		}
	} else {
		data.Corrects = data.Form.Value("corrects")
	}
	data.Categories = itemCategories(r, head.Tells)
	for _, h := range []string{"waiver", "redacted", "none"} {
		data.Handled = append(data.Handled, fieldChoice{Value: h, Text: r.lang.T("item.concerns." + h)})
	}
	for n := range r.peopleRows() {
		data.People = append(data.People, n)
	}
	return itemNewPage.Send(r, data)
}

// itemCategories lists the categories, first those that the own function may
// tell somebody now.
func itemCategories(r *Request, tells []sig.Category) []fieldChoice {
	all := sig.Categories()
	slices.SortStableFunc(all, func(a, b sig.Category) int {
		switch first, second := slices.Contains(tells, a), slices.Contains(tells, b); {
		case first == second:
			return 0
		case first:
			return -1
		default:
			return 1
		}
	})
	var choices []fieldChoice
	for _, c := range all {
		key := "category." + string(c)
		choices = append(choices, fieldChoice{Value: string(c), Text: r.lang.T(key), Hint: r.lang.T(key + ".plain")})
	}
	return choices
}

// peopleRows is how many rows the form shows: those that came back, and one
// more where more were asked for.
func (r *Request) peopleRows() int {
	n := 0
	for name := range r.fields.typed {
		if strings.HasPrefix(name, "concerns.") && strings.HasSuffix(name, ".name") {
			n++
		}
	}
	if r.fields.typed.Get("more") != "" {
		n++
	}
	return min(max(n, itemRowsAtFirst), sharing.MaxConcerns)
}

// itemWrite saves the item. The button that asks for one more person shows the
// form again with what was typed.
func (a *App) itemWrite(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in itemForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.itemNew)
	}
	if in.More {
		return a.itemNew(r)
	}
	item := sharing.NewItem{Key: r.once(in.Key), Intervention: id, Categories: in.Categories, Text: in.Text, Blocked: in.Blocked}
	if in.Corrects != "" {
		corrected, err := parseItemID(in.Corrects)
		if err != nil {
			return err
		}
		item.Corrects = corrected
	}
	var rows []int // the form's row of each person
	var nameless fault.Check
	for n, c := range in.Concerns {
		if c.Name == "" && c.Handled != "" {
			nameless.Fail(fmt.Sprintf("concerns.%d.name", n), "error.required")
		}
		if c.Name != "" {
			item.Concerns, rows = append(item.Concerns, sharing.NewConcern{Name: c.Name, Handled: c.Handled}), append(rows, n)
		}
	}
	if err := nameless.Err(); err != nil {
		return r.Again(err, a.itemNew)
	}
	written, err := a.deps.Sharing.WriteItem(r.Context(), r.Actor(), item)
	if err != nil {
		return r.Late(atRows(err, "concerns", rows), a.itemNew)
	}
	return r.SeeOther(itemPath(id, written), "flash.item_saved")
}

func parseItemID(text string) (sig.ItemID, error) {
	var id sig.ItemID
	if err := id.UnmarshalText([]byte(text)); err != nil || id.String() != text {
		return id, fault.Missing()
	}
	return id, nil
}

// atRows moves faults at the rows that a service was given to the rows of the
// form from which they came.
func atRows(err error, list string, rows []int) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i, f := range wrong.Fields {
		for given, shown := range rows {
			if rest, ok := strings.CutPrefix(f.Name, fmt.Sprintf("%s.%d.", list, given)); ok {
				wrong.Fields[i].Name = fmt.Sprintf("%s.%d.%s", list, shown, rest)
				break
			}
		}
	}
	return wrong
}
