package httpd

import (
	"strings"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// itemWords writes directory keys and categories in the reader's language, as
// the pages of items and copies need them. Names of units and authorities are
// the directory's own and stay Swedish.
type itemWords struct {
	lang  *words.Language
	dir   *sig.Directory
	staff bool // the reader works with the case, and may know which unit is which
}

func (r *Request) itemWords() (itemWords, error) {
	dir, err := r.app.deps.Casework.Directory(r.Context())
	return itemWords{lang: r.lang, dir: dir, staff: r.Actor().Kind == sig.ActorStaff}, err
}

func (w itemWords) function(f sig.Function) string { return w.lang.T("function." + string(f)) }

// place is a function in a unit: "Kommunpolis, Lokalpolisområde Farsta".
func (w itemWords) place(f sig.Function, unit sig.UnitID) string {
	if unit == "" { // under protected identity no unit is named
		return w.function(f)
	}
	name := string(unit)
	if u, ok := w.dir.Unit(unit); ok {
		name = u.Name
	}
	return w.lang.T("hats.staff", "function", w.function(f), "unit", name)
}

func (w itemWords) seat(s sig.Seat) string { return w.place(s.Function, s.Unit) }

func (w itemWords) authority(id sig.AuthorityID) string {
	if a, ok := w.dir.Authority(id); ok {
		return a.Name
	}
	return string(id)
}

// recipient is a seat, or somebody private: "Närstående, Farid Rahimi", or in
// general words as far as less is known.
func (w itemWords) recipient(s sig.Seat, private bool, kind sig.PrivateKind, name string) string {
	if !private {
		return w.seat(s)
	}
	who := w.lang.T("function.private_recipient")
	if kind != "" {
		who = w.lang.T("private." + string(kind))
	}
	if name == "" {
		return who
	}
	return w.lang.T("hats.staff", "function", who, "unit", name)
}

func (w itemWords) categoryNames(all []sig.Category) []string {
	var names []string
	for _, c := range all {
		names = append(names, w.lang.T("category."+string(c)))
	}
	return names
}

func (w itemWords) categories(all []sig.Category) string { return w.lang.List(w.categoryNames(all)) }

// fieldChoice is one option of the parts select, radios and checkboxes.
type fieldChoice struct {
	Value, Text, Hint string
	Chosen            bool
}

// caseTop is what stands on top of every page about a case for staff.
type caseTop struct {
	Path   string // of the case
	Number string
	Youth  string
	Live   bool
}

func topOf(h *sharing.Head) caseTop {
	return caseTop{Path: casePath(h.Intervention), Number: h.CaseNumber, Youth: h.YouthName, Live: h.Live()}
}

func casePath(id sig.InterventionID) string { return "/interventions/" + id.String() }

func itemPath(id sig.InterventionID, item sig.ItemID) string {
	return casePath(id) + "/items/" + item.String()
}

func copyPath(id sig.InterventionID, disclosure sig.DisclosureID) string {
	return casePath(id) + "/copies/" + disclosure.String()
}

func disclosurePath(id sig.InterventionID, disclosure sig.DisclosureID) string {
	return casePath(id) + "/disclosures/" + disclosure.String()
}

// seatValue is a seat as a form carries it; seatID is the id of its field.
func seatValue(s sig.Seat) string {
	return string(s.Authority) + "/" + string(s.Unit) + "/" + string(s.Function)
}

func seatID(s sig.Seat) string { return "recipients-" + string(s.Unit) + "-" + string(s.Function) }

func readSeat(value string) (sig.Seat, error) {
	parts := strings.Split(value, "/")
	if len(parts) != 3 {
		return sig.Seat{}, errMalformed
	}
	return sig.Seat{Authority: sig.AuthorityID(parts[0]), Unit: sig.UnitID(parts[1]), Function: sig.Function(parts[2])}, nil
}

// sampleTop is made up, for the samples of pages.
var sampleTop = caseTop{Path: "/interventions/0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11", Number: "7KMN-4TRX", Youth: "Amir Rahimi", Live: true}
