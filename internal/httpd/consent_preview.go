package httpd

import (
	"slices"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
)

// previewData is what a change in preparation would do: in sentences first,
// then before and after.
type previewData struct {
	Base
	Top      caseTop
	Changes  []changeRow
	Who      string // how many must sign
	Effects  []string
	Closes   bool
	Nothing  bool
	Before   picture.Picture
	After    picture.Picture
	Explain  string
	Edit     string
	Discard  string
	Prepared *boardVersion
}

// changeRow is one change in a sentence.
type changeRow struct{ Kind, Text string }

// previewShow shows it. Nothing changes before those who must have signed.
func (a *App) previewShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	c, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if c.Preparing == nil || !c.Board {
		return fault.Missing()
	}
	p, err := a.deps.Consenting.PreviewAmendment(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	data := previewData{Base: r.Base("consent.preview.title")}
	data.fill(familyWords{Language: r.lang}, c, p)
	return previewPage.Send(r, data)
}

func (d *previewData) fill(w familyWords, c *consenting.Case, p *consenting.Preview) {
	d.Top = caseTopOf(c)
	before := &consenting.Version{}
	if c.InForce != nil {
		before = c.InForce
	}
	d.Nothing, d.Closes = p.Consequence == sig.NothingRemoved, p.Consequence == sig.Closes
	d.Changes = changesOf(w, before, c.Preparing, p)
	switch p.Change {
	case consenting.ChangeNarrowing:
		d.Who = w.T("consent.preview.narrowing")
	case consenting.ChangeRenewal:
		d.Who = w.T("board.preview.renewal")
	case consenting.ChangeFirst, consenting.ChangeWidening, consenting.ChangeWithdrawal, consenting.ChangeImported:
		d.Who = w.T("consent.preview.widening")
	}
	d.Effects = hiddenOf(w, p.Hidden)
	if p.AlreadyRead > 0 {
		d.Effects = append(d.Effects, w.N("board.preview.read", p.AlreadyRead))
	}
	if p.Queued > 0 {
		d.Effects = append(d.Effects, w.N("board.preview.queued", p.Queued))
	}
	d.Effects = append(d.Effects, meetingsOf(w.among(slices.Concat(before.Rows, c.Preparing.Rows)), p.MeetingsOff, p.Calls)...)
	d.Effects = append(d.Effects, commitmentsOf(w, p)...)
	nodes := nodesOf(w, before, c.Preparing)
	d.Before = picture.Network(w.Language, w.T("picture.network.before"), c.Youth.Name, nodes, false)
	d.After = picture.Network(w.Language, w.T("picture.network.after"), c.Youth.Name, nodes, true)
	d.Prepared = boardVersionOf(w, c, c.Preparing)
	d.Explain, d.Edit, d.Discard = d.Prepared.Explain, d.Prepared.Edit, d.Prepared.Discard
	if d.Nothing {
		d.Explain = ""
	}
}

// changesOf writes what goes and what comes, a sentence for each row.
func changesOf(w familyWords, before, after *consenting.Version, p *consenting.Preview) []changeRow {
	var list []changeRow
	for _, lost := range p.Lost {
		list = append(list, changeRow{"removed", w.T("consent.preview.removed",
			"recipient", w.party(lost.Row.Recipient), "categories", w.categories(lost.Categories)) + " " +
			w.T("board.preview.teller", "discloser", w.party(lost.Row.Discloser))})
	}
	for _, row := range p.Gained {
		fresh := slices.DeleteFunc(slices.Clone(row.Categories), func(c sig.Category) bool { return pairKnows(before, row, c) })
		if len(fresh) == 0 {
			list = append(list, changeRow{"new", w.T("board.preview.longer",
				"recipient", w.party(row.Recipient), "categories", w.categories(row.Categories), "until", w.Until(row.End()))})
			continue
		}
		list = append(list, changeRow{"new", w.Beside(w.T("consent.preview.added",
			"recipient", w.party(row.Recipient), "categories", w.categories(fresh)), w.Until(row.End())) + ". " +
			w.T("board.preview.teller", "discloser", w.party(row.Discloser))})
	}
	old, now := exclusionSentences(w, before.Exclusions), exclusionSentences(w, after.Exclusions)
	for _, one := range now {
		if !slices.Contains(old, one) {
			list = append(list, changeRow{"excluded", w.T("board.preview.excluded", "what", one)})
		}
	}
	for _, one := range old {
		if !slices.Contains(now, one) {
			list = append(list, changeRow{"new", w.T("board.preview.unexcluded", "what", one)})
		}
	}
	return list
}

func pairKnows(v *consenting.Version, row consenting.Row, c sig.Category) bool {
	return slices.ContainsFunc(v.Rows, func(other consenting.Row) bool {
		return !other.Over && samePair(other, row) && slices.Contains(other.Categories, c)
	})
}

// nodesOf counts, for each recipient of either version, how many kinds of
// information it may know before and after.
func nodesOf(w familyWords, before, after *consenting.Version) []picture.Node {
	var nodes []picture.Node
	all := slices.Concat(before.Rows, after.Rows)
	for n, row := range all {
		if firstRowOf(all, row.Recipient) != n {
			continue
		}
		nodes = append(nodes, picture.Node{
			Label: w.party(row.Recipient), Before: knownTo(before, row.Recipient), After: knownTo(after, row.Recipient),
		})
	}
	return nodes
}

func knownTo(v *consenting.Version, p consenting.Party) int {
	var known []sig.Category
	for _, row := range v.Rows {
		if row.Over || !sameRecipient(row.Recipient, p) {
			continue
		}
		for _, c := range row.Categories {
			if !excludes(v.Exclusions, p, c) {
				known = append(known, c)
			}
		}
	}
	return len(inOrder(known))
}

var previewPage = page("consent_preview", func(b Base) []previewData {
	w := familyWords{Language: b.Language}
	of := func(change func(*consenting.Case, *consenting.Preview)) previewData {
		c := sampleBoardCase(func(c *consenting.Case) {
			c.Preparing = sampleWaiting(sig.ConsentDraft)
			c.Preparing.Rows = slices.Clone(c.InForce.Rows[1:])
		})
		p := &consenting.Preview{
			Consequence: sig.GoesOn, Change: consenting.ChangeNarrowing, MustSign: 1, Queued: 1, Copies: 3, AlreadyRead: 2,
			Hidden: []consenting.HiddenCopies{{Party: samplePolice, Copies: 3}},
			Lost:   []consenting.LostRow{{Row: c.InForce.Rows[0], Categories: c.InForce.Rows[0].Categories, Whole: true}},
		}
		change(c, p)
		d := previewData{Base: b}
		d.fill(w, c, p)
		return d
	}
	return []previewData{
		of(func(*consenting.Case, *consenting.Preview) {}),
		of(func(c *consenting.Case, p *consenting.Preview) {
			p.Change, p.Lost, p.Gained = consenting.ChangeWidening, nil, []consenting.Row{sampleRow(9, sampleSchool, samplePolice, sig.CategoryAttendance)}
			c.Preparing.Exclusions = nil
		}),
		of(func(_ *consenting.Case, p *consenting.Preview) { p.Consequence, p.Lost = sig.NothingRemoved, nil }),
		of(func(_ *consenting.Case, p *consenting.Preview) { p.Consequence = sig.Closes }),
	}
})
