package httpd

import (
	"slices"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// withdrawData is the first of the two steps of taking back: what can be taken
// back, and what each choice would do.
type withdrawData struct {
	Base
	Action  string
	Key     string
	Options []withdrawOption // the whole ones
	Fine    []withdrawOption // single kinds of information
}

// withdrawOption is one choice with its effect.
type withdrawOption struct {
	ID, Value, Text string
	Chosen          bool
	Stops, Remains  []string
	Consequence     string
	Grave           bool // the intervention ends, or never begins
	Read, Queued    string
	Hidden          []string // what recipients can read no more
	Before, After   picture.Picture
	Meetings        []string
}

// FineChosen reports whether a single kind of information was chosen before the
// form came back: it is then in sight.
func (d withdrawData) FineChosen() bool {
	for _, one := range d.Fine {
		if one.Chosen {
			return true
		}
	}
	return false
}

// withdrawalPreview shows them. Nothing has changed until the form is sent.
func (a *App) withdrawalPreview(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var rowID sig.GrantID
	if text := r.Query("row"); text != "" && rowID.UnmarshalText([]byte(text)) != nil {
		return fault.Missing()
	}
	view, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w := withdrawWords(r.lang, view)
	data := withdrawData{Base: r.Base("citizen.withdraw.title"), Action: withdrawPath(id, rowID), Key: uuid.NewString()}
	if typed := data.Form.Value("key"); typed != "" {
		data.Key = typed
	}
	choices := withdrawChoices(w, view, rowID)
	if len(choices) == 0 {
		return withdrawPage.Send(r, data)
	}
	if choices[0].Value != scopeAll {
		data.Title = w.T(yesKey(view.SaidYes, "citizen.withdraw.title.recipient", "citizen.withdraw.title.others"), "recipient", w.short(choices[0].about))
	}
	var scopes []sig.WithdrawalScope
	for _, choice := range choices {
		scope, err := readScope(choice.Value)
		if err != nil {
			return err
		}
		scopes = append(scopes, scope)
	}
	previews, err := a.deps.Consenting.PreviewWithdrawals(r.Context(), r.Actor(), id, consenting.SignerRef{}, scopes...)
	if err != nil {
		return err
	}
	data.offer(w, choices, previews, view)
	return withdrawPage.Send(r, data)
}

func withdrawWords(l *words.Language, c *consenting.Case) familyWords {
	w := familyWords{Language: l}
	if c.InForce != nil {
		w = w.among(withAhead(c))
	} else if c.Preparing != nil {
		w = w.among(c.Preparing.Rows)
	}
	return w
}

// withdrawChoices is what there is to take back: nothing, where the service
// offers nothing; everything, before a yes is in force.
func withdrawChoices(w familyWords, c *consenting.Case, row sig.GrantID) []scopeChoice {
	if !c.Can(consenting.ActionWithdraw) {
		return nil
	}
	if c.InForce == nil {
		return choicesOf(w, nil, nil)
	}
	for n := range c.InForce.Rows {
		if one := &c.InForce.Rows[n]; one.ID == row && !one.Over {
			return choicesOf(w, c.InForce.Rows, one)
		}
	}
	return choicesOf(w, withAhead(c), nil)
}

// withAhead are the rows in force and those of a version that somebody has
// signed and that goes round beside it: each can be taken back.
func withAhead(c *consenting.Case) []consenting.Row {
	if c.Preparing == nil || c.Preparing.SignedBy == 0 {
		return c.InForce.Rows
	}
	return slices.Concat(c.InForce.Rows, c.Preparing.Rows)
}

func (d *withdrawData) offer(w familyWords, choices []scopeChoice, previews []*consenting.Preview, view *consenting.Case) {
	inForce := view.InForce != nil
	for n, choice := range choices {
		p := previews[n]
		if p.Consequence == sig.NothingRemoved {
			continue
		}
		one := withdrawOption{
			ID: "scope-" + string(rune('a'+n)), Value: choice.Value, Text: choice.Text,
			Chosen:  d.Form.Has("scope", choice.Value, n == 0),
			Remains: remainsOf(w, p.Left), Grave: p.Consequence == sig.Closes,
		}
		about := choice.about
		if one.Grave { // everything ends, whoever tells it
			about = consenting.Party{}
		}
		one.Stops = stopsOf(w, p.Lost, about)
		one.Consequence = w.T(consequenceKey(p, choice.Value == scopeAll, inForce))
		one.Meetings = append(meetingsOf(w, p.MeetingsOff, p.Calls), commitmentsOf(w, p)...)
		one.Hidden = hiddenOf(w, p.Hidden)
		if p.Ahead {
			one.Consequence = w.T("citizen.receipt.ahead")
		}
		if inForce && !p.Ahead {
			one.draw(w, view, p)
		}
		if p.AlreadyRead > 0 {
			one.Read = w.N("citizen.withdraw.preview.already_count", p.AlreadyRead)
		}
		if p.Queued > 0 {
			one.Queued = w.N("citizen.withdraw.preview.queued", p.Queued)
		}
		if choice.Fine {
			d.Fine = append(d.Fine, one)
		} else {
			d.Options = append(d.Options, one)
		}
	}
}

// draw draws who may know something now and afterwards.
func (o *withdrawOption) draw(w familyWords, view *consenting.Case, p *consenting.Preview) {
	nodes := nodesOf(w, view.InForce, &consenting.Version{Rows: p.Left, Exclusions: view.InForce.Exclusions})
	o.Before = picture.Network(w.Language, w.T("picture.network.before"), view.Youth.Name, nodes, false)
	o.After = picture.Network(w.Language, w.T("picture.network.after"), view.Youth.Name, nodes, true)
}

// hiddenOf writes what recipients can read no more, a sentence for each.
func hiddenOf(w familyWords, hidden []consenting.HiddenCopies) []string {
	var list []string
	for _, h := range hidden {
		list = append(list, w.N("citizen.withdraw.preview.hidden", h.Copies, "recipient", w.short(h.Party)))
	}
	return list
}

func consequenceKey(p *consenting.Preview, whole, inForce bool) string {
	switch {
	case p.Consequence == sig.Closes && !inForce:
		return "citizen.withdraw.preview.never_begins"
	case p.Consequence == sig.Closes && whole:
		return "citizen.withdraw.preview.closes_all"
	case p.Consequence == sig.Closes:
		return "citizen.withdraw.preview.closes"
	case p.Consequence == sig.OneWayLeft:
		return "citizen.withdraw.preview.one_way"
	}
	return "citizen.withdraw.preview.continues"
}

// stopsOf writes what ends, a sentence for each recipient. Taking back works in
// both directions, so those who were told by the recipient stand there too,
// with the one who tells them nothing more.
func stopsOf(w familyWords, lost []consenting.LostRow, about consenting.Party) []string {
	var list []string
	var done []consenting.Party
	for _, one := range lost {
		to := one.Row.Recipient
		if about != (consenting.Party{}) && !sameRecipient(to, about) {
			list = append(list, w.T("citizen.withdraw.preview.stops.from", "recipient", w.short(to),
				"discloser", w.short(one.Row.Discloser), "categories", w.categories(one.Categories)))
			continue
		}
		if seen(done, to) {
			continue
		}
		done = append(done, to)
		var categories []sig.Category
		for _, other := range lost {
			if sameRecipient(other.Row.Recipient, to) {
				categories = append(categories, other.Categories...)
			}
		}
		list = append(list, w.T("citizen.withdraw.preview.stops.row", "recipient", w.short(to), "categories", w.categories(categories)))
	}
	return list
}

func seen(list []consenting.Party, p consenting.Party) bool {
	for _, one := range list {
		if sameRecipient(one, p) {
			return true
		}
	}
	return false
}

// remainsOf writes what goes on, a sentence for each recipient.
func remainsOf(w familyWords, left []consenting.Row) []string {
	var list []string
	for n, row := range left {
		if firstRowOf(left, row.Recipient) != n {
			continue
		}
		var categories []sig.Category
		for _, other := range left {
			if !other.Over && sameRecipient(other.Recipient, row.Recipient) {
				categories = append(categories, other.Categories...)
			}
		}
		if len(categories) > 0 {
			list = append(list, w.T("citizen.withdraw.preview.remains.row", "recipient", w.short(row.Recipient),
				"categories", w.categories(categories)))
		}
	}
	return list
}
