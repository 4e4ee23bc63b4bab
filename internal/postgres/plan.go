package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Plan is one row of sig.plan: no texts.
type Plan struct {
	ID           sig.PlanID
	Intervention sig.InterventionID
	Planner      sig.Seat
	Version      int
	FollowUp     sig.Date
	ChangedAt    time.Time
}

// PlanText is one text of a plan, sealed.
type PlanText struct {
	ID         sig.PlanTextID
	Kind       sig.PlanTextKind
	Position   int
	Since      int // the version in which it came
	Until      int // the last version in which it stood; 0 while it stands
	BodySealed []byte
}

// Commitment is one function's promise; NoteSealed is what it told the board
// when it was done, nil for nothing.
type Commitment struct {
	ID         sig.CommitmentID
	Seat       sig.Seat
	DueOn      sig.Date
	State      sig.CommitmentState
	ClosedAt   *time.Time
	ClosedBy   string
	NoteSealed []byte
}

// PlanParts is a plan as far as the actor may see it; the zero id means that
// there is none for the actor.
type PlanParts struct {
	Plan
	Texts       []PlanText
	Commitments []Commitment
}

const planSQL = `
select p.id, p.intervention, p.authority, p.unit, p.function, p.version, p.follow_up, p.changed_at
  from sig.plan p where p.intervention = @intervention`

const planTextColumns = `t.id, t.kind, t.position, t.version_from, t.body_sealed`

const planTextsSQL = `
select ` + planTextColumns + ` from sig.plan_text t
 where t.intervention = @intervention and t.version_to is null order by t.kind, t.position, t.version_from`

// The texts are read in the statement that writes the ledger row: it names the
// version of the consent that the second wall has just relied on.
const readPlanTextsSQL = `
with seen as materialized (
  select p.id, p.intervention, p.intervention = any ((select sig.my_board_cases())::uuid[]) as own
    from sig.plan p where p.intervention = @intervention),
content as materialized (
  select ` + planTextColumns + ` from seen s join sig.plan_text t on t.plan = s.id and t.version_to is null),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_plan', intervention => s.intervention, object_kind => 'plan', object_id => s.id,
           consent => (select k.id from sig.consent k
                        where not s.own and (select sig.my_standing()) is null and k.intervention = s.intervention and k.state = 'active'),
           basis => case when s.own then 'participation' when (select sig.my_standing()) is not null then 'visibility' else 'consent' end,
           categories => array['plan_goals'], request => @request::uuid) as id
    from seen s)
select c.* from logged left join content c on true where c.id is not null order by c.kind, c.position, c.version_from`

const commitmentsSQL = `
select c.id, c.authority, c.unit, c.function, c.due_on, c.state, c.closed_at, coalesce(c.closed_by, ''), n.body_sealed
  from sig.commitment c left join sig.commitment_note n on n.commitment = c.id
 where c.intervention = @intervention order by c.due_on, c.id`

func scanPlanText(row pgx.CollectableRow) (PlanText, error) {
	var t PlanText
	err := row.Scan(&t.ID, &t.Kind, &t.Position, &t.Since, &t.BodySealed)
	return t, err
}

func scanCommitment(row pgx.CollectableRow) (Commitment, error) {
	var c Commitment
	err := row.Scan(&c.ID, &c.Seat.Authority, &c.Seat.Unit, &c.Seat.Function, &c.DueOn, &c.State, &c.ClosedAt, &c.ClosedBy, &c.NoteSealed)
	return c, err
}

func queuePlan(b *pgx.Batch, texts string, args, textArgs pgx.StrictNamedArgs, into *PlanParts) {
	b.Queue(planSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error {
			return rows.Scan(&into.ID, &into.Intervention, &into.Planner.Authority, &into.Planner.Unit, &into.Planner.Function,
				&into.Version, &into.FollowUp, &into.ChangedAt)
		})
	})
	b.Queue(texts, textArgs).Query(func(rows pgx.Rows) (err error) {
		into.Texts, err = pgx.CollectRows(rows, scanPlanText)
		return err
	})
	b.Queue(commitmentsSQL, args).Query(func(rows pgx.Rows) (err error) {
		into.Commitments, err = pgx.CollectRows(rows, scanCommitment)
		return err
	})
}

// PlanParts reads a plan for an act upon it.
func (tx *Tx) PlanParts(ctx context.Context, intervention sig.InterventionID) (*PlanParts, error) {
	var out PlanParts
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	queuePlan(b, planTextsSQL, args, args, &out)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("read a plan: %w", err)
	}
	return &out, nil
}

// ReadPlan opens a plan for its reader: lock, facts, content and ledger row are
// asked in one round trip, as of a copy.
func (tx *Tx) ReadPlan(ctx context.Context, intervention sig.InterventionID, request any) (*CaseFacts, *PlanParts, error) {
	var facts CaseFacts
	var out PlanParts
	tx.ShareCase(intervention)
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	queuePlan(b, readPlanTextsSQL, args, pgx.StrictNamedArgs{"intervention": intervention, "request": request}, &out)
	QueueCaseFacts(b, intervention, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("read a plan: %w", err)
	}
	return &facts, &out, nil
}

// What has stood in earlier versions is the board's alone.
const readPlanHistorySQL = `
with seen as materialized (
  select p.id, p.intervention from sig.plan p
   where p.intervention = @intervention and p.intervention = any ((select sig.my_open_cases())::uuid[])
     and p.intervention = any ((select sig.my_board_cases())::uuid[]) and @since::integer >= 0 and greatest(@since::integer, 1) < p.version),
content as materialized (
  select ` + planTextColumns + `, coalesce(t.version_to, 0) as version_to from seen s join sig.plan_text t on t.plan = s.id),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_plan', intervention => s.intervention, object_kind => 'plan', object_id => s.id,
           basis => 'participation', categories => array['plan_goals'], detail => jsonb_build_object('versions', true), request => @request::uuid) as id
    from seen s)
select c.* from logged left join content c on true where c.id is not null order by c.kind, c.position, c.version_from`

// ReadPlanHistory is ReadPlan with every text that has stood in any version,
// for the board while the case is not closed, and where there is a version after
// the one that is asked about; else there are no texts and no row.
func (tx *Tx) ReadPlanHistory(ctx context.Context, intervention sig.InterventionID, since int, request any) (*CaseFacts, *PlanParts, error) {
	var facts CaseFacts
	var out PlanParts
	tx.ShareCase(intervention)
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"intervention": intervention}
	queuePlan(b, planTextsSQL, args, args, &out)
	b.Queue(readPlanHistorySQL, pgx.StrictNamedArgs{"intervention": intervention, "since": since, "request": request}).Query(func(rows pgx.Rows) (err error) {
		out.Texts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (PlanText, error) {
			var t PlanText
			err := row.Scan(&t.ID, &t.Kind, &t.Position, &t.Since, &t.BodySealed, &t.Until)
			return t, err
		})
		return err
	})
	QueueCaseFacts(b, intervention, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("read the versions of a plan: %w", err)
	}
	return &facts, &out, nil
}

// StoppedCommitment is when and by what a commitment of the actor's own seat
// was stopped, or the goals of the plan were taken from it.
type StoppedCommitment struct {
	At time.Time
	By string
}

const stoppedCommitmentsSQL = `
select at, by from sig.my_stopped_commitments(@intervention)
union all select at, by from sig.my_hidden_plan(@intervention) order by at desc`

// StoppedCommitments lists those that a cut has stopped, the latest first;
// nothing of what they were is in them.
func (tx *Tx) StoppedCommitments(ctx context.Context, intervention sig.InterventionID) ([]StoppedCommitment, error) {
	return collect[StoppedCommitment](ctx, tx, "list stopped commitments", stoppedCommitmentsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

// OverdueLine is a commitment that is not done, without its text.
type OverdueLine struct {
	Intervention sig.InterventionID
	Seat         sig.Seat
	DueOn        sig.Date
}

const overdueSQL = `
select c.intervention, c.authority, c.unit, c.function, c.due_on
  from sig.commitment c
 where c.state = 'open' and c.due_on < @today and c.intervention = any ((select sig.my_planning_cases())::uuid[])
 order by c.due_on, c.id limit 200`

// OverdueCommitments lists what is overdue in the plans that the actor writes.
func (tx *Tx) OverdueCommitments(ctx context.Context) ([]OverdueLine, error) {
	return tx.dueLines(ctx, "list overdue commitments", overdueSQL, pgx.StrictNamedArgs{"today": sig.DateOf(tx.Now())})
}
