package httpd

import (
	"strconv"

	"sigportal/internal/fault"
)

// samplesData lists every page with made-up data, for whoever designs,
// translates or tests them.
type samplesData struct {
	Base
	Samples []sampleLink
}

type sampleLink struct{ Path, Text string }

var samplesPage = page("samples", func(b Base) []samplesData {
	return []samplesData{{b, []sampleLink{{"/_pages/front/0", "front 0"}}}}
})

// samplesList shows the list.
func (a *App) samplesList(r *Request) error {
	data := samplesData{Base: r.Base("app.name")}
	for _, def := range registered {
		for i := range def.samples(data.Base) {
			number := strconv.Itoa(i)
			data.Samples = append(data.Samples, sampleLink{"/_pages/" + def.name + "/" + number, def.name + " " + number})
		}
	}
	return samplesPage.Send(r, data)
}

// sampleShow shows one page with one of its samples.
func (a *App) sampleShow(r *Request) error {
	number, err := strconv.Atoi(r.Params("number"))
	if err != nil {
		return fault.Missing()
	}
	for _, def := range registered {
		if def.name != r.Params("name") {
			continue
		}
		if all := def.samples(r.Base("app.name")); number >= 0 && number < len(all) {
			return a.pages.send(r.Ctx, r.status, def.name, all[number], r.visitor.hatName())
		}
	}
	return fault.Missing()
}
