package httpd

import (
	"slices"

	"sigportal/internal/consenting"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
)

// textChange is what a version would change of the one before it: sentences,
// then before and after.
type textChange struct {
	Changes       []changeRow
	Effects       []string
	Closes        bool
	Before, After picture.Picture
}

// textChangeOf writes it for who is asked to sign; nil where nothing came before.
func textChangeOf(w familyWords, t *consenting.Text) *textChange {
	if t.Before == nil || t.Change == nil {
		return nil
	}
	w = w.among(slices.Concat(t.Before.Rows, t.Rows))
	c := &textChange{Closes: t.Change.Consequence == sig.Closes}
	for _, one := range stopsOf(w, t.Change.Lost, consenting.Party{}) {
		c.Changes = append(c.Changes, changeRow{"removed", one})
	}
	for _, row := range t.Change.Gained {
		c.gained(w, t.Before, row)
	}
	c.exclusions(w, t)
	c.Effects = append(hiddenOf(w, t.Change.Hidden), meetingsOf(w, t.Change.MeetingsOff, t.Change.Calls)...)
	c.Effects = append(c.Effects, commitmentsOf(w, t.Change)...)
	nodes := nodesOf(w, t.Before, &t.Version)
	c.Before = picture.Network(w.Language, w.T("picture.network.before"), t.Youth.Name, nodes, false)
	c.After = picture.Network(w.Language, w.T("picture.network.after"), t.Youth.Name, nodes, true)
	return c
}

// gained says of a row what it lets be told that the version before did not:
// more, for longer, for another purpose, or something else about it.
func (c *textChange) gained(w familyWords, before *consenting.Version, row consenting.Row) {
	var fresh, longer, why []sig.Category
	for _, one := range row.Categories {
		if !pairKnows(before, row, one) {
			fresh = append(fresh, one)
			continue
		}
		ends, said := true, false
		for _, other := range before.Rows {
			if !other.Over && samePair(other, row) && slices.Contains(other.Categories, one) {
				ends, said = ends && other.End().Before(row.End()), said || other.Aim == row.Aim
			}
		}
		if ends {
			longer = append(longer, one)
		}
		if !said {
			why = append(why, one)
		}
	}
	say := func(kind, key string, what []sig.Category) {
		if len(what) > 0 {
			c.Changes = append(c.Changes, changeRow{kind, sentence(w.T(key, "recipient", w.short(row.Recipient),
				"categories", w.categories(what), "until", w.Until(row.To)))})
		}
	}
	say("new", "citizen.change.added", fresh)
	say("may", "citizen.change.longer", longer)
	say("new", "citizen.change.why", why)
	if len(fresh)+len(longer)+len(why) == 0 {
		say("may", "citizen.change.other", row.Categories)
	}
}

// exclusions adds what would be forbidden, and what no longer.
func (c *textChange) exclusions(w familyWords, t *consenting.Text) {
	said := func(all []consenting.Exclusion) []string {
		var list []string
		for _, x := range all {
			list = append(list, w.exclusion(x))
		}
		return list
	}
	old, now := said(t.Before.Exclusions), said(t.Exclusions)
	for _, one := range now {
		if !slices.Contains(old, one) {
			c.Changes = append(c.Changes, changeRow{"excluded", one})
		}
	}
	for _, one := range old {
		if !slices.Contains(now, one) {
			c.Changes = append(c.Changes, changeRow{"new", w.T("citizen.change.allowed", "what", one)})
		}
	}
}

// commitmentsOf says how many commitments of the plan stop.
func commitmentsOf(w familyWords, p *consenting.Preview) []string {
	if p.Commitments == 0 {
		return nil
	}
	return []string{w.N("citizen.withdraw.preview.commitments", p.Commitments)}
}

// sampleChange is a made-up question that takes the police away and lets the
// school know something more.
func sampleChange() *consenting.Text {
	t := sampleQuestion()
	t.Before = sampleVersion()
	t.Rows = append(slices.Clone(t.Rows[1:]), sampleRow(9, sampleSchool, samplePolice, sig.CategoryAttendance))
	why := t.Before.Rows[1]
	why.Aim = sig.Aim{Purpose: sig.PurposeLeisure}
	t.Change = &consenting.Preview{
		Consequence: sig.GoesOn, Change: consenting.ChangeWidening, Commitments: 2, MeetingsOff: 1,
		Lost:   []consenting.LostRow{{Row: t.Before.Rows[0], Categories: t.Before.Rows[0].Categories, Whole: true}},
		Gained: []consenting.Row{sampleRow(9, sampleSchool, samplePolice, sig.CategoryAttendance), t.Before.Rows[1], why},
		Hidden: []consenting.HiddenCopies{{Party: samplePolice, Copies: 3}},
	}
	return t
}
