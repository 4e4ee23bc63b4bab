package httpd

import (
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/draft"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// draftForms are the forms that keep what is typed, by their address under the
// intervention's.
var draftForms = regexp.MustCompile(`^(plan/edit|meetings/[0-9a-f-]{36}/(minutes|room/commitments|room/points/[0-9a-f-]{36}(/note)?))$`)

// draftPages are what is not of the address of the page on which a form stands.
var draftPages = regexp.MustCompile(`/(commitments|note)$`)

// notKept are fields that are the form's own and not the writer's.
var notKept = []string{"key", "act", draftField, hatField}

// draftTexts are the fields in which a writer's sentences stand.
var draftTexts = regexp.MustCompile(`(^|\.)(text|note|necessity|weaker_reason|words)$`)

// draftField carries which draft a form is, and which version of it was seen.
const draftField = "draft"

// maxDraft bounds what is kept of one form, in bytes.
const maxDraft = 200_000

// draftBox is a form's draft and the writer's others of it, as the part "draft"
// shows them.
type draftBox struct {
	Keep   string // where the form is kept
	Token  string // which draft the form is
	Opened string // when what stands in the form was typed; empty where no draft was brought out
	Drop   string
	Others []draftRow
	Days   int
	Beside []string // the sentences of another, which another window went on with
	At     string   // when they were typed
}

// draftRow is one draft that is not on the page.
type draftRow struct{ ID, When, Open, Token string }

var sampleDraft = draftBox{
	Keep: "/x/drafts", Token: "t.1", Drop: "/x/drafts/drop", Opened: "3 december 2026 kl. 14.05", Days: 30,
	Others: []draftRow{{"d", "3 december 2026 kl. 13.20", "/x?draft=d", "d.2"}}, Beside: []string{"Vi sa att …"}, At: "3 december 2026 kl. 14.06",
}

func draftToken(d draft.Ref) string { return d.ID.String() + "." + strconv.Itoa(d.Version) }

// readDraft reads which draft a form is. A form that says nothing readable is
// none that was kept.
func readDraft(token string) draft.Ref {
	id, seen, _ := strings.Cut(token, ".")
	version, err := strconv.Atoi(seen)
	if named, bad := sig.ParseID[sig.DraftKind](id); err == nil && bad == nil && version >= 0 {
		return draft.Ref{ID: named, Version: version}
	}
	return draft.Ref{ID: sig.DraftID{UUID: uuid.New()}}
}

func draftPlace(id sig.InterventionID, form, does string) string {
	return casePath(id) + "/drafts" + does + "?" + url.Values{"form": {form}}.Encode()
}

// draftPage is where the form stands.
func draftPage(id sig.InterventionID, form string) string {
	return casePath(id) + "/" + draftPages.ReplaceAllString(form, "")
}

// drafts offers the writer's own drafts of the first of some forms: the others
// are those that can be written no more, whose text belongs there now. The one
// that the address asks for is put into the form. It is asked for before Base,
// which carries what was typed.
func (r *Request) drafts(id sig.InterventionID, forms ...string) (draftBox, error) {
	form := forms[0]
	box := draftBox{
		Keep: draftPlace(id, form, ""), Drop: draftPlace(id, form, "/drop"), Days: draft.KeptDays,
	}
	token := ""
	if r.Method() == fiber.MethodPost && r.Path() == casePath(id)+"/"+form { // it comes back with what was wrong
		token = r.fields.typed.Get(draftField)
	}
	box.Token = draftToken(readDraft(token))
	list, err := r.app.deps.Draft.List(r.Context(), r.Actor(), id, forms...)
	if err != nil {
		return draftBox{}, err
	}
	own := append(strings.Split(r.Get("X-Refetch"), ","), readDraft(box.Token).ID.String()) // what this window holds it need not be offered
	asked := ""
	if r.Method() == fiber.MethodGet && r.Get("X-Refetch") == "" {
		asked = r.Query("draft")
	}
	for _, d := range list {
		named := d.ID.String()
		switch {
		case named == asked:
			err = r.bringOut(id, &box, d)
		case named == r.Query("beside") && asked != "":
			err = r.layBeside(id, &box, d)
		case !slices.Contains(own, named):
			box.Others = append(box.Others, draftRow{
				ID: named, When: r.lang.DateTime(d.SavedAt), Token: draftToken(d),
				Open: draftPage(id, form) + "?" + url.Values{"draft": {named}}.Encode(),
			})
		}
		if err != nil {
			return draftBox{}, err
		}
	}
	return box, nil
}

// bringOut puts a draft into the form.
func (r *Request) bringOut(id sig.InterventionID, box *draftBox, d draft.Ref) error {
	found, err := r.app.deps.Draft.Open(r.Context(), r.Actor(), id, d.ID)
	if err != nil {
		return err
	}
	r.fields.typed = url.Values{"key": {uuid.NewString()}}
	for name, values := range found.Values {
		r.fields.typed[name] = values
	}
	box.Token, box.Opened = draftToken(found.Ref), r.lang.DateTime(found.SavedAt)
	return nil
}

// layBeside shows the sentences of another draft beside the form.
func (r *Request) layBeside(id sig.InterventionID, box *draftBox, d draft.Ref) error {
	found, err := r.app.deps.Draft.Open(r.Context(), r.Actor(), id, d.ID)
	if err != nil {
		return err
	}
	names := make([]string, 0, len(found.Values))
	for name := range found.Values {
		if draftTexts.MatchString(name) && found.Values.Get(name) != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		box.Beside = append(box.Beside, found.Values.Get(name))
	}
	box.At = r.lang.DateTime(found.SavedAt)
	return nil
}

// draftDone throws the draft of a form away that has been saved. What cannot be
// thrown away is offered once more; the writer's act is done all the same.
func (r *Request) draftDone(id sig.InterventionID) {
	saved := url.Values{}
	for name, values := range r.fields.typed {
		if !slices.Contains(notKept, name) {
			saved[name] = values
		}
	}
	seen := readDraft(r.fields.typed.Get(draftField))
	if err := r.app.deps.Draft.Done(r.Context(), r.Actor(), id, seen, saved); err != nil {
		r.app.deps.Log.WarnContext(r.Context(), "a draft is still there", slog.String("request", r.RequestID()), slog.Any("error", err))
	}
}

// draftForm reads which form it is about.
func (r *Request) draftForm() (draft.Form, error) {
	var f draft.Form
	if err := pathID(r, "id", &f.Intervention); err != nil {
		return f, err
	}
	if f.Address = r.Query("form"); !draftForms.MatchString(f.Address) {
		return f, fault.Missing()
	}
	return f, nil
}

// draftKeep keeps a form as it is typed. The script sends it by itself and is
// answered in a line; a button does the same for whoever has no script.
func (a *App) draftKeep(r *Request) error {
	f, err := r.draftForm()
	if err != nil {
		return err
	}
	values, token, err := r.typedText()
	if err != nil {
		return err
	}
	kept, beside, err := a.deps.Draft.Save(r.Context(), r.Actor(), f, readDraft(token), values)
	quiet := r.Get("X-Draft") != ""
	if err != nil {
		if wrong := fault.KindOf(err); quiet && wrong == fault.Conflict {
			return r.Status(fiber.StatusConflict).JSON(fiber.Map{"said": r.lang.T("error.own_drafts_too_many")})
		}
		return err
	}
	apart := kept.Version == 1 && kept.ID != readDraft(token).ID
	if !quiet {
		page := url.Values{"draft": {kept.ID.String()}}
		if !beside.IsZero() {
			page.Set("beside", beside.String())
		}
		return r.SeeOther(draftPage(f.Intervention, f.Address)+"?"+page.Encode(), "flash.draft_kept")
	}
	said := "draft.kept"
	if apart && !beside.IsZero() {
		said = "draft.apart"
	}
	return r.JSON(fiber.Map{"draft": draftToken(kept), "said": r.lang.T(said, "time", r.lang.Clock(kept.SavedAt))})
}

// draftDrop throws a draft away.
func (a *App) draftDrop(r *Request) error {
	f, err := r.draftForm()
	if err != nil {
		return err
	}
	var in struct {
		Draft string `form:"draft,max=60,required"`
	}
	if err := r.Form(&in); err != nil {
		return err
	}
	if err := a.deps.Draft.Drop(r.Context(), r.Actor(), f.Intervention, readDraft(in.Draft).ID); err != nil {
		return err
	}
	return r.SeeOther(draftPage(f.Intervention, f.Address), "flash.draft_dropped")
}

// typedText is a form whatever its fields: only what is no text is refused.
func (r *Request) typedText() (values url.Values, token string, err error) {
	body := r.Body()
	if len(body) > maxDraft {
		return nil, "", errMalformed
	}
	values, err = url.ParseQuery(string(body))
	if err != nil || len(values) > maxPairs {
		return nil, "", errMalformed
	}
	for name, list := range values {
		if _, code := clean(name, false); code != "" || len(name) > 200 {
			return nil, "", errMalformed
		}
		for _, text := range list {
			if _, code := clean(text, true); code != "" {
				return nil, "", errMalformed
			}
		}
	}
	token = values.Get(draftField)
	for _, name := range notKept {
		values.Del(name)
	}
	return values, token, nil
}
