package httpd

import "sigportal/internal/sharing"

// checkData is the second step: exactly what leaves, to whom, and who there
// reads it.
type checkData struct {
	Base
	Top                     caseTop
	Path                    string
	Key                     string
	Categories, Text        string
	Recipients              []recipientRow
	Necessity, WeakerReason string
	Seen                    []string // who of the family sees it
	Second                  bool
}

var confirmPage = page("disclosure_check", func(b Base) []checkData {
	one := checkData{
		Base: b, Top: sampleTop, Path: "/x", Key: "k", Categories: "Närvaro i skolan", Text: "Amir var i skolan alla dagar.",
		Recipients: sampleCan, Necessity: "Behövs för planen.", WeakerReason: "Mentorn träffar Amir varje dag.", Second: true,
	}
	other := one
	other.Seen, other.WeakerReason, other.Second, other.Recipients = []string{"Sara Rahimi"}, "", false, sampleCan[:1]
	return []checkData{one, other}
})

// disclosureSend takes both steps. The first is answered with the check page;
// the second sends, to all or to none, and leads to the receipt.
func (a *App) disclosureSend(r *Request) error {
	id, itemID, err := r.itemAddress()
	if err != nil {
		return err
	}
	var form disclosureForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.disclosureChoose)
	}
	if form.Change {
		return a.disclosureChoose(r)
	}
	in, err := form.act(id, itemID)
	if err != nil {
		return err
	}
	if !form.Checked {
		return a.disclosureCheck(r, in)
	}
	sent, err := a.deps.Sharing.Disclose(r.Context(), r.Actor(), in)
	if err != nil {
		return r.Again(atRecipients(err, in), a.disclosureChoose)
	}
	return r.SeeOther(disclosurePath(id, sent[0].ID), "")
}

func (a *App) disclosureCheck(r *Request, in sharing.NewDisclosure) error {
	chosen, err := a.deps.Sharing.CheckDisclosure(r.Context(), r.Actor(), in)
	if err != nil {
		return r.Again(atRecipients(err, in), a.disclosureChoose)
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), in.Intervention)
	if err != nil {
		return err
	}
	item, err := a.deps.Sharing.OpenItem(r.Context(), r.Actor(), in.Intervention, in.Item)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := checkData{
		Base: r.Base("disclose.check.title"), Top: topOf(head), Path: itemPath(in.Intervention, in.Item), Key: in.Key,
		Categories: w.categories(item.Categories), Text: item.Text, Necessity: in.Necessity, WeakerReason: in.WeakerReason,
	}
	for _, c := range chosen {
		row := recipientRowOf(w, c)
		data.Recipients = append(data.Recipients, row)
		data.Second = data.Second || row.Second
	}
	for _, v := range item.Family {
		if v.Visible {
			data.Seen = append(data.Seen, v.Name)
		}
	}
	return confirmPage.Send(r, data)
}
