package plan

import (
	"context"
	"errors"
	"slices"

	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Changes are what differs between an earlier version of the plan and the one
// that stands.
type Changes struct {
	CaseNumber string
	YouthName  string
	Protected  bool // the family sees no names of units
	Since      int  // the earlier version
	Version    int
	Goals      []Change
	Words      []Change
	Promised   []Commitment // new ones, with how they stand now
	Kept       int          // texts that stood then and stand now
}

// Change is one text: what stood there then, and what stands there now. Nothing
// then is a new text, nothing now one that was taken out.
type Change struct{ Before, Now string }

// Count is how many texts are new and how many were taken out; one that was
// changed is both.
func (c *Changes) Count() (added, gone int) {
	for _, one := range slices.Concat(c.Goals, c.Words) {
		if one.Now != "" {
			added++
		}
		if one.Before != "" {
			gone++
		}
	}
	return added + len(c.Promised), gone
}

// Changes shows the board what has changed since a version; 0 is the one before
// the last. What no longer stands is the board's alone: for everybody else
// there is no such page. Every opening is in the log, as of the plan itself.
func (s *Service) Changes(ctx context.Context, actor sig.Actor, intervention sig.InterventionID, since int) (*Changes, error) {
	var out *Changes
	err := s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		entry := ledger.Entry{Kind: ledger.ReadPlan, Intervention: intervention}
		facts, row, err := tx.ReadPlanHistory(ctx, intervention, since, sig.RequestOf(ctx))
		if errors.Is(err, postgres.ErrNoRows) {
			return tx.RefuseMissing(entry)
		}
		if err != nil {
			return err
		}
		m := &matter{s: s, tx: tx, facts: facts, entry: entry, row: row}
		if since == 0 {
			since = row.Version - 1
		}
		if !m.onBoard() || facts.State == sig.InterventionClosed || since < 1 || since >= row.Version {
			return tx.RefuseMissing(entry)
		}
		out, err = m.changes(ctx, since)
		return err
	})
	return out, err
}

func (m *matter) changes(ctx context.Context, since int) (*Changes, error) {
	texts, err := m.texts(ctx)
	if err != nil {
		return nil, err
	}
	out := &Changes{
		CaseNumber: m.facts.CaseNumber, YouthName: m.facts.YouthName, Protected: m.facts.Protected, Since: since, Version: m.row.Version,
	}
	out.Goals, out.Words = differ(m.row.Texts, texts, sig.PlanGoal, since), differ(m.row.Texts, texts, sig.PlanWords, since)
	for _, t := range m.row.Texts {
		switch {
		case t.Until != 0:
		case t.Since <= since:
			out.Kept++
		case t.Kind == sig.PlanCommitment:
			i := slices.IndexFunc(m.row.Commitments, func(c postgres.Commitment) bool { return c.ID.UUID == t.ID.UUID })
			if i >= 0 {
				c := m.row.Commitments[i]
				out.Promised = append(out.Promised, Commitment{ID: c.ID, Seat: c.Seat, Text: texts[t.ID], DueOn: c.DueOn, State: c.State, ClosedBy: c.ClosedBy})
				if c.ClosedAt != nil {
					out.Promised[len(out.Promised)-1].Closed = sig.DateOf(*c.ClosedAt)
				}
			}
		}
	}
	return out, nil
}

// differ sets what stood in a version beside what stands, place by place.
func differ(all []postgres.PlanText, texts map[sig.PlanTextID]string, kind sig.PlanTextKind, since int) []Change {
	var list []Change
	at := map[int]int{}
	place := func(position int) *Change {
		n, known := at[position]
		if !known {
			n = len(list)
			at[position] = n
			list = append(list, Change{})
		}
		return &list[n]
	}
	for _, t := range all {
		then := t.Since <= since && (t.Until == 0 || t.Until >= since)
		now := t.Until == 0
		switch {
		case t.Kind != kind || then == now:
		case then:
			place(t.Position).Before = texts[t.ID]
		default:
			place(t.Position).Now = texts[t.ID]
		}
	}
	return list
}
