package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Received is one frozen copy in a recipient's partition.
type Received struct {
	ID             sig.DisclosureID
	Intervention   sig.InterventionID
	Item           sig.ItemID
	Recipient      sig.Seat
	Sender         sig.Seat
	Basis          string
	Categories     []sig.Category
	Aim            sig.Aim
	BodySealed     []byte
	ContentHash    []byte
	ReceivedAt     time.Time
	CutAt          *time.Time
	RegistrarUntil *time.Time
	TransferredAt  *time.Time
	Late           bool // disclosed after the consent had been taken back, before that was recorded
}

const deliverSQL = `
insert into sig.received (id, intervention, item, authority, unit, function, sender_authority, sender_unit, sender_function,
       basis, categories, purpose, addition, body_sealed, content_hash, received_at)
values (@id, @intervention, @item, @authority, @unit, @function, @sender_authority, @sender_unit, @sender_function,
       @basis, @categories, @purpose, @addition, @body_sealed, @content_hash, @received_at)`

// Deliver puts a copy into a recipient's inbox. The sender cannot read the row
// back, so nothing is returned; the second wall checks the whole act again.
func (tx *Tx) Deliver(r Received) {
	tx.laterOne("deliver a copy", deliverSQL, pgx.StrictNamedArgs{
		"id": r.ID, "intervention": r.Intervention, "item": r.Item,
		"authority": r.Recipient.Authority, "unit": r.Recipient.Unit, "function": r.Recipient.Function,
		"sender_authority": r.Sender.Authority, "sender_unit": r.Sender.Unit, "sender_function": r.Sender.Function,
		"basis": r.Basis, "categories": r.Categories, "purpose": r.Aim.Purpose, "addition": r.Aim.Addition, "body_sealed": r.BodySealed,
		"content_hash": r.ContentHash, "received_at": r.ReceivedAt,
	})
}

const receivedColumns = `
r.id, r.intervention, r.item, r.authority, r.unit, r.function, r.sender_authority, r.sender_unit, r.sender_function,
r.basis, r.categories, r.purpose, r.addition, r.body_sealed, r.content_hash, r.received_at, r.cut_at, r.registrar_until, r.transferred_at,
sig.disclosed_late(r.id) as late`

func scanReceived(row pgx.CollectableRow) (Received, error) {
	var r Received
	err := row.Scan(&r.ID, &r.Intervention, &r.Item, &r.Recipient.Authority, &r.Recipient.Unit, &r.Recipient.Function,
		&r.Sender.Authority, &r.Sender.Unit, &r.Sender.Function, &r.Basis, &r.Categories, &r.Aim.Purpose, &r.Aim.Addition, &r.BodySealed,
		&r.ContentHash, &r.ReceivedAt, &r.CutAt, &r.RegistrarUntil, &r.TransferredAt, &r.Late)
	return r, err
}

// A copy is read in one statement with its ledger row. The basis in the row is
// what the copy came by, and the consent is the version in force that the
// second wall has just relied on.
const readCopySQL = `
with content as materialized (
  select ` + receivedColumns + ` from sig.received r where r.id = @id and r.intervention = @intervention),
logged as materialized (
  select sig.append_ledger(sig.instant(), @kind::text, intervention => c.intervention, object_kind => 'disclosure', object_id => c.id,
           consent => (select k.id from sig.consent k where c.basis = 'consent' and k.intervention = c.intervention and k.state = 'active'),
           basis => c.basis, categories => c.categories, request => @request::uuid) as id
    from content c)
select c.* from content c, logged`

// ReadCopy opens one copy: lock, facts and content are asked in one round
// trip, and the ledger row is written by the statement that returns the text.
// The lock is a statement of its own before the reads: taken inside one, it
// would see the snapshot from before the wait.
func (tx *Tx) ReadCopy(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID, kind string, request any) (*CaseFacts, Received, error) {
	var facts CaseFacts
	var copied []Received
	tx.ShareCase(intervention)
	b := &pgx.Batch{}
	b.Queue(readCopySQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention, "kind": kind, "request": request}).
		Query(func(rows pgx.Rows) (err error) {
			copied, err = pgx.CollectRows(rows, scanReceived)
			return err
		})
	QueueCaseFacts(b, intervention, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, Received{}, fmt.Errorf("read a copy: %w", err)
	}
	if len(copied) != 1 {
		return nil, Received{}, pgx.ErrNoRows
	}
	return &facts, copied[0], nil
}

// queueClock makes a batch read the clock, as ReadClock does alone.
func (tx *Tx) queueClock(b *pgx.Batch) { b.Queue(readClockSQL).QueryRow(tx.scanClock) }

// InboxLine is a copy in a list: category, sender and time, nothing of its text.
type InboxLine struct {
	ID           sig.DisclosureID
	Intervention sig.InterventionID
	CaseNumber   string
	Sender       sig.Seat
	Categories   []sig.Category
	Basis        string
	ReceivedAt   time.Time
	Opened       bool // by the reader's own hat
	Until        *time.Time
	Late         bool // see Received
}

const inboxSQL = `
with content as materialized (
  select r.id, r.intervention, i.case_number, r.sender_authority, r.sender_unit, r.sender_function, r.categories, r.basis, r.received_at,
         sig.opened_by_me(r.id) as opened,
         r.registrar_until, sig.disclosed_late(r.id) as late
    from sig.received r join sig.intervention i on i.id = r.intervention
   where (@intervention::uuid is null or r.intervention = @intervention::uuid)
     and r.intervention = any ((select sig.my_copied_cases())::uuid[])
     and (@before_at::timestamptz is null or (r.received_at, r.id) < (@before_at::timestamptz, @before_id::uuid))
     and not (@unopened::boolean and sig.opened_by_me(r.id))
   order by r.received_at desc, r.id desc
   limit @size),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'list_inbox', intervention => @intervention::uuid,
           detail => jsonb_build_object('rows', (select count(*) from content)), request => @request::uuid) as id)
select c.* from content c right join logged on true where c.id is not null
 order by c.received_at desc, c.id desc`

// InboxQuery says which copies to list.
type InboxQuery struct {
	Intervention *sig.InterventionID // nil: of all cases
	Before       *InboxLine          // nil: from the newest on
	Unopened     bool                // only those that the reader's own hat has not opened
	Size         int
	Request      any
}

// Inbox lists copies that the actor may open now, newest first; one ledger row
// stands for the list. The statement decides by itself: it shows no text and
// takes no lock. The clock comes with it and, on the first page of everything,
// what cuts have taken.
func (tx *Tx) Inbox(ctx context.Context, q InboxQuery) ([]InboxLine, []HiddenCase, error) {
	args := pgx.StrictNamedArgs{
		"intervention": q.Intervention, "before_at": nil, "before_id": nil, "unopened": q.Unopened, "size": q.Size, "request": q.Request,
	}
	if q.Before != nil {
		args["before_at"], args["before_id"] = q.Before.ReceivedAt, q.Before.ID
	}
	var lines []InboxLine
	var hidden []HiddenCase
	b := &pgx.Batch{}
	tx.queueClock(b)
	b.Queue(inboxSQL, args).Query(func(rows pgx.Rows) (err error) {
		lines, err = pgx.CollectRows(rows, scanInboxLine)
		return err
	})
	if q.Intervention == nil && q.Before == nil && !q.Unopened {
		queueRows(b, hiddenCasesSQL, &hidden)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, fmt.Errorf("list the inbox: %w", err)
	}
	return lines, hidden, nil
}

func scanInboxLine(row pgx.CollectableRow) (InboxLine, error) {
	var l InboxLine
	err := row.Scan(&l.ID, &l.Intervention, &l.CaseNumber, &l.Sender.Authority, &l.Sender.Unit, &l.Sender.Function,
		&l.Categories, &l.Basis, &l.ReceivedAt, &l.Opened, &l.Until, &l.Late)
	return l, err
}

const markTransferredSQL = `
update sig.received set transferred_at = @at, transferred_by = @by
 where id = @id and intervention = @intervention and transferred_at is null`

// MarkTransferred notes that the registrar moved a copy into the own file.
func (tx *Tx) MarkTransferred(ctx context.Context, intervention sig.InterventionID, id sig.DisclosureID, by sig.AssignmentID) error {
	return tx.one(ctx, "mark a copy as transferred", markTransferredSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "at": tx.Now(), "by": by,
	})
}
