package httpd

// accessibilityData is the statement that the law asks for, with the form for
// what hinders somebody.
type accessibilityData struct {
	Base
	Receipt string // the number of the report just sent
}

var accessibilityPage = page("accessibility", func(b Base) []accessibilityData {
	bad := b
	bad.Form = Fields{
		byName:  map[string]string{"text": b.T("error.required")},
		Summary: []FieldFault{{ID: "text", Text: b.T("error.required")}},
	}
	return []accessibilityData{{Base: b}, {Base: bad}, {Base: b, Receipt: "7d3f"}}
})

// accessibilityShow is the statement.
func (a *App) accessibilityShow(r *Request) error {
	return accessibilityPage.Send(r, accessibilityData{Base: r.Base("accessibility.title")})
}

// barrierForm is what somebody says hinders them. It asks for no name.
type barrierForm struct {
	Page string `form:"page,max=200"`
	Text string `form:"text,max=4000,lines,required"`
}

// accessibilityReport keeps the report and shows its number.
func (a *App) accessibilityReport(r *Request) error {
	var in barrierForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.accessibilityShow)
	}
	number, err := a.deps.ReportBarrier(r.Context(), in.Page, in.Text)
	if err != nil {
		return r.Again(err, a.accessibilityShow)
	}
	r.fields = Fields{}
	return accessibilityPage.Send(r, accessibilityData{Base: r.Base("accessibility.title"), Receipt: number})
}
