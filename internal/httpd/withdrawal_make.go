package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// withdrawForm is the second step. The key makes it one withdrawal however
// often it is sent.
type withdrawForm struct {
	Key   string `form:"key,max=64,required"`
	Scope string `form:"scope,max=300"`
}

// withdrawalMake takes back, in the running session, and leads to the receipt.
func (a *App) withdrawalMake(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var form withdrawForm
	if err := r.Form(&form); err != nil {
		return r.Again(err, a.withdrawalPreview)
	}
	scope, err := readScope(form.Scope)
	if err != nil {
		return r.Again(err, a.withdrawalPreview)
	}
	receipt, err := a.deps.Consenting.Withdraw(r.Context(), r.Actor(), consenting.WithdrawInput{
		Intervention: id, Scope: scope, Key: r.once(form.Key),
	})
	if err != nil {
		return r.Again(err, a.withdrawalPreview)
	}
	return r.SeeOther(receiptPath(receipt.Reference), "")
}

var withdrawPage = page("withdrawal_preview", func(b Base) []withdrawData {
	c := sampleShown()
	w := withdrawWords(b.Language, c)
	of := func(row sig.GrantID) withdrawData {
		d := withdrawData{Base: b, Action: "/x", Key: "k"}
		d.Title = b.T("citizen.withdraw.title")
		choices := withdrawChoices(w, c, row)
		if choices[0].Value != scopeAll {
			d.Title = w.T("citizen.withdraw.title.recipient", "recipient", w.short(choices[0].about))
		}
		var previews []*consenting.Preview
		for _, choice := range choices {
			scope, _ := readScope(choice.Value) // made-up data
			previews = append(previews, samplePreview(c.InForce.Rows, scope))
		}
		d.offer(w, choices, previews, c)
		return d
	}
	none := withdrawData{Base: b}
	none.Title = b.T("citizen.withdraw.title")
	return []withdrawData{of(c.InForce.Rows[1].ID), of(sig.GrantID{}), none}
})

// samplePreview is a made-up preview of a scope over made-up rows.
func samplePreview(rows []consenting.Row, scope sig.WithdrawalScope) *consenting.Preview {
	p := &consenting.Preview{Consequence: sig.GoesOn, HasStanding: true, AlreadyRead: 3, Queued: 1,
		Copies: 3, Hidden: []consenting.HiddenCopies{{Party: samplePolice, Copies: 3}}}
	for _, row := range rows {
		g := sig.Grant{ID: row.ID, Discloser: row.Discloser.Seat, Recipient: row.Recipient.Seat, Categories: row.Categories}
		if _, removed := scope.Apply([]sig.Grant{g}); len(removed) > 0 {
			p.Lost = append(p.Lost, consenting.LostRow{Row: row, Categories: removed[0].Categories, Whole: removed[0].Row})
		} else {
			p.Left = append(p.Left, row)
		}
	}
	if len(p.Left) == 0 || scope.Recipient.Function == sig.RolePolice && scope.Category == "" {
		p.Consequence, p.Left = sig.Closes, nil
	}
	return p
}
