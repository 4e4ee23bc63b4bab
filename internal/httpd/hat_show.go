package httpd

// hatData is the choice of the part to act in.
type hatData struct {
	Base
	Hats   []hatChoice
	Return string
}

type hatChoice struct{ ID, Text, Authority string }

var hatPage = page("hat", func(b Base) []hatData {
	return []hatData{{b, []hatChoice{
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11", "Koordinator, Farsta", "Socialnämnden"},
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f12", "Vårdnadshavare för Alva", ""},
	}, "/start"}}
})

// hatShow offers the parts that the person has at this instant.
func (a *App) hatShow(r *Request) error {
	hats, err := a.deps.Login.Hats(r.Ctx)
	if err != nil {
		return err
	}
	data := hatData{Base: r.Base("hats.title"), Return: safeNext(r.Query("return"))}
	for _, hat := range hats {
		text := hatText(r.lang, hat.Kind, hat.Function, hat.UnitName, hat.Label)
		data.Hats = append(data.Hats, hatChoice{hat.ID().String(), text, hat.AuthorityName})
	}
	return hatPage.Send(r, data)
}
