package httpd

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/casework"
)

// searchData is the search with what it found.
type searchData struct {
	Base
	Searched bool
	Cases    []caseRow
}

var searchPage = page("search", func(b Base) []searchData {
	return []searchData{{Base: b}, {Base: b, Searched: true}, {Base: b, Searched: true, Cases: sampleCases}}
})

// searchShow shows the three forms, one for each field that may be searched on.
func (a *App) searchShow(r *Request) error {
	return searchPage.Send(r, searchData{Base: r.Base("search.title")})
}

// searchMake searches on exactly one of the three fields. Any other field or
// shape is no form of ours; nothing searched for stands in an address.
func (a *App) searchMake(r *Request) error {
	var in struct {
		Name       string `form:"name"`
		Number     string `form:"personal_number,max=20"`
		CaseNumber string `form:"case_number,max=20"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.searchShow)
	}
	by, term, fields := casework.SearchBy(""), "", 0
	for name, value := range map[casework.SearchBy]string{
		casework.SearchName: in.Name, casework.SearchNumber: in.Number, casework.SearchCaseNumber: in.CaseNumber,
	} {
		if r.fields.typed.Has(string(name)) {
			by, term, fields = name, value, fields+1
		}
	}
	if fields != 1 {
		return errMalformed
	}
	found, err := a.deps.Casework.Search(r.Context(), r.Actor(), by, strings.TrimSpace(term))
	if err != nil {
		return r.Again(err, a.searchShow)
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := searchData{Base: r.Base("search.title"), Searched: true, Cases: caseRows(w, found)}
	r.status = fiber.StatusOK
	return searchPage.Send(r, data)
}
