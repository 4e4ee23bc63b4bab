package closing

import (
	"context"
	"slices"
	"time"

	"sigportal/internal/ledger"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Why copies were cut, as the recipient's registrar sees it.
const (
	CutByWithdrawal     = "withdrawal"
	CutByNarrowing      = "narrowing"
	CutBySharingStopped = "sharing_stopped" // a renewal within the grace period undoes this one alone
	CutByClosing        = "closed"
)

// Effect is what an end did to what had been, or was about to be, told.
type Effect struct {
	Cancelled []sig.DisclosureID // waiting disclosures that will not go
	Cut       []postgres.CopyRef // copies that their readers no longer have
}

// Coverage judges copies and waiting disclosures by a matrix, with the same
// decision by which they are read.
type Coverage struct {
	directory *sig.Directory
	request   policy.Request
}

// NewCoverage prepares to judge by a matrix at an instant. A nil matrix
// covers nothing.
func NewCoverage(directory *sig.Directory, matrix *sig.Matrix, at time.Time) *Coverage {
	c := &Coverage{directory: directory}
	c.request = policy.Request{
		Action: policy.ReadCopy, Now: at, Case: sig.InterventionActive,
		Actor:     policy.Actor{Kind: sig.ActorStaff, InForce: true, Participates: true},
		Directory: policy.Directory{Moves: directory.Moves, Units: map[sig.UnitID]sig.AuthorityID{}},
	}
	for _, u := range directory.Units {
		c.request.Directory.Units[u.ID] = u.Authority
	}
	if matrix != nil {
		c.request.Consent = policy.Consent{State: sig.ConsentActive, Grants: matrix.Grants, Exclusions: matrix.Exclusions}
	}
	return c
}

// addOwn adds the youth's own yes, where there is a matrix at all: it counts
// beside everybody's consent and never without it.
func (c *Coverage) addOwn(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention) error {
	if c.request.Consent.State == "" {
		return nil
	}
	own, alone, err := tx.OwnInForce(ctx, i.ID)
	if err != nil {
		return err
	}
	c.Beside(own, alone)
	return nil
}

// Beside judges by the youth's own yes too, over what is the youth's alone.
func (c *Coverage) Beside(own []sig.Grant, alone []sig.Category) {
	c.request.Consent.Grants = slices.Concat(c.request.Consent.Grants, own)
	c.request.Consent.Alone = alone
}

// Covers reports whether a row of the matrix lets the recipient's function
// have from the sender what the categories name, now or once the row begins.
func (c *Coverage) Covers(from, to sig.Seat, categories []sig.Category) bool {
	unit := c.directory.CurrentUnit(to.Unit, to.Function, c.request.Now, time.Time{})
	place, ok := c.directory.Place(unit, to.Function)
	if !ok {
		return false
	}
	r := c.request
	r.Actor.Place = place
	r.Copy = policy.Copy{ByConsent: true, Sender: from, Recipient: to, Categories: categories}
	d := policy.Decide(&r)
	return d.Allowed || d.Reason == policy.NotYetValid
}

// Uncovered lists the copies by consent that the matrix does not cover.
func (c *Coverage) Uncovered(copies []postgres.CopyRef) []postgres.CopyRef {
	var list []postgres.CopyRef
	for _, one := range copies {
		if one.Basis == "consent" && !c.Covers(one.Sender, one.Recipient, one.Categories) {
			list = append(list, one)
		}
	}
	return list
}

// UncoveredWaiting lists the waiting disclosures by consent that the matrix
// does not cover. One to a named private person is never covered: its row has
// a new name in every version, and the officer looks at it again.
func (c *Coverage) UncoveredWaiting(waiting []postgres.Waiting) []postgres.Waiting {
	var list []postgres.Waiting
	for _, w := range waiting {
		if w.Basis == "consent" && (!w.Grant.IsZero() || !c.Covers(w.Sender, w.Recipient, w.Categories)) {
			list = append(list, w)
		}
	}
	return list
}

// Narrow cuts what the matrix does not cover: copies from this instant, and
// disclosures that wait for a second officer, as a whole even when only one of
// their categories went, and calls to meetings. It runs inside AsSystem.
func Narrow(
	ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, matrix *sig.Matrix, by string, at time.Time,
) (Effect, error) {
	directory, err := tx.ScopeDirectory(ctx)
	if err != nil {
		return Effect{}, err
	}
	coverage := NewCoverage(directory, matrix, at)
	if err := coverage.addOwn(ctx, tx, i); err != nil {
		return Effect{}, err
	}
	told, err := tx.Told(ctx, i.ID)
	if err != nil {
		return Effect{}, err
	}
	if err := narrowMeetings(tx, i, coverage, &told, by, ends(tx, by, at)); err != nil {
		return Effect{}, err
	}
	if matrix == nil {
		tx.StopRooms(i.ID, by, ends(tx, by, at))
	}
	if err := narrowPlan(tx, i, coverage, told.Open, by, ends(tx, by, at)); err != nil {
		return Effect{}, err
	}
	if err := narrowQuestions(tx, i, coverage, told.Asked, by); err != nil {
		return Effect{}, err
	}
	return apply(tx, i, coverage.UncoveredWaiting(told.Waiting), uncut(coverage.Uncovered(told.Copies)), by, at)
}

// ends is the instant from which a call or a room is over: a window's own end,
// however late the alarm comes, so that the page says the same before it and
// after. A withdrawal that was received earlier than it is recorded takes what is
// said in the room away from now on; what was said is a disclosure, and late.
func ends(tx *postgres.Tx, by string, at time.Time) time.Time {
	if by == CutBySharingStopped {
		return at
	}
	return tx.Now()
}

// cutAll cuts every copy by consent and cancels whatever waits, inside one
// authority too: when the collaboration has ended, nothing waits any more.
func cutAll(tx *postgres.Tx, i *postgres.Intervention, told postgres.Told, by string) (Effect, error) {
	tx.EndMeetings(i.ID, by)
	tx.StopRooms(i.ID, by, tx.Now())
	tx.EndPlan(i.ID, by)
	tx.EndQuestions(i.ID, by)
	copies := slices.DeleteFunc(uncut(told.Copies), func(c postgres.CopyRef) bool { return c.Basis != "consent" })
	return apply(tx, i, told.Waiting, copies, by, tx.Now())
}

func uncut(copies []postgres.CopyRef) []postgres.CopyRef {
	var list []postgres.CopyRef
	for _, c := range copies {
		if c.CutBy == "" {
			list = append(list, c)
		}
	}
	return list
}

// apply cancels and cuts, with a ledger row for each disclosure that will not
// go and an alarm for the day on which each copy is deleted.
func apply(
	tx *postgres.Tx, i *postgres.Intervention, waiting []postgres.Waiting, copies []postgres.CopyRef, by string, at time.Time,
) (Effect, error) {
	e := Effect{Cut: copies}
	for _, w := range waiting {
		e.Cancelled = append(e.Cancelled, w.ID)
	}
	if len(waiting) > 0 {
		tx.CancelWaiting(i.ID, e.Cancelled, by)
	}
	for _, w := range waiting {
		err := tx.Record(ledger.Entry{
			Kind: ledger.CancelDisclosure, Reason: by, Intervention: i.ID, Object: ledger.Of(ledger.ObjectDisclosure, w.ID),
			Recipient: ledger.Recipient(w.Recipient), Categories: w.Categories,
		})
		if err != nil {
			return e, err
		}
	}
	var ids []sig.DisclosureID
	until := sig.DaysLater(at, RegistrarDays)
	for _, c := range copies {
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return e, nil
	}
	tx.SetCopyAlarms(i.ID, ids, until)
	tx.CutCopies(i.ID, ids, by, at, until)
	return e, nil
}

// Restore gives back the copies that expiry alone had cut and that the renewed
// matrix covers (domain 3.7.4); the others go on towards their deletion, and
// no later renewal finds them.
func Restore(ctx context.Context, tx *postgres.Tx, i *postgres.Intervention, matrix *sig.Matrix) error {
	directory, err := tx.ScopeDirectory(ctx)
	if err != nil {
		return err
	}
	told, err := tx.Told(ctx, i.ID)
	if err != nil {
		return err
	}
	coverage := NewCoverage(directory, matrix, tx.Now())
	if err := coverage.addOwn(ctx, tx, i); err != nil {
		return err
	}
	var back []sig.DisclosureID
	for _, c := range told.Copies {
		if c.CutBy == CutBySharingStopped && tx.Now().Before(GraceEnds(*c.CutAt)) && coverage.Covers(c.Sender, c.Recipient, c.Categories) {
			back = append(back, c.ID)
			tx.ClearAlarm(postgres.AlarmCopyWindowEnds, c.ID.UUID)
		}
	}
	if err := tx.RestoreCopies(ctx, i.ID, back); err != nil {
		return err
	}
	return tx.RecutCopies(ctx, i.ID, CutByNarrowing)
}
