package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// HiddenCopy is a copy that was cut: that it was there, and nothing of it.
type HiddenCopy struct {
	ID      sig.DisclosureID
	At      time.Time
	By      string // withdrawal, narrowing, sharing_stopped or closed
	Deleted bool   // the registrar's window is over too
	Late    bool   // see Received
}

const hiddenCopiesSQL = `select id, at, by, deleted, late from sig.my_hidden_copies(@intervention) order by at desc, id`

// HiddenCopies lists what was cut from the seats that the actor fills in a
// case, the latest first.
func (tx *Tx) HiddenCopies(ctx context.Context, intervention sig.InterventionID) ([]HiddenCopy, error) {
	return collect[HiddenCopy](ctx, tx, "list hidden copies", hiddenCopiesSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

// RegistryCopy is a copy in the registrar's list: nothing of its text.
type RegistryCopy struct {
	ID            sig.DisclosureID
	Intervention  sig.InterventionID
	CaseNumber    string
	Function      sig.Function // of the own authority, which had received it
	Unit          sig.UnitID
	Sender        sig.UnitID
	SentBy        sig.Function
	Categories    []sig.Category
	ReceivedAt    time.Time
	CutAt         time.Time
	CutBy         string
	Until         time.Time // when the registrar's window ends
	TransferredAt *time.Time
	EndedAt       *time.Time // when the intervention ended, where that has taken the copy; it had been cut before, when sharing stopped
	Late          bool       // see Received
}

// The wall lets the registrar alone see cut copies, while the window lasts.
const registryCopiesSQL = `
with content as materialized (
  select r.id, r.intervention, i.case_number, r.function, r.unit, r.sender_unit as sender, r.sender_function as sent_by,
         r.categories, r.received_at, r.cut_at, r.cut_by, r.registrar_until as until, r.transferred_at,
         case when r.cut_by = 'closed' and i.state in ('closing', 'closed') then i.state_since end as ended_at,
         sig.disclosed_late(r.id) as late
    from sig.received r join sig.intervention i on i.id = r.intervention
   where r.authority = (select sig.my_office('registrar')) and r.cut_at is not null and r.deleted_at is null
     and (@after_at::timestamptz is null or (r.registrar_until, r.id) > (@after_at::timestamptz, @after_id::uuid))
   order by r.registrar_until, r.id limit @size),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'list_inbox',
           detail => jsonb_build_object('rows', (select count(*) from content)), request => @request::uuid) as id)
select c.* from content c right join logged on true where c.id is not null order by c.until, c.id`

// RegistryCopies lists what the registrar may still move into the own file, what is
// deleted first before the rest; one ledger row stands for the list.
func (tx *Tx) RegistryCopies(ctx context.Context, after *RegistryCopy, size int, request any) ([]RegistryCopy, error) {
	args := pgx.StrictNamedArgs{"after_at": nil, "after_id": nil, "size": size, "request": request}
	if after != nil {
		args["after_at"], args["after_id"] = after.Until, after.ID
	}
	return collect[RegistryCopy](ctx, tx, "list the registrar's copies", registryCopiesSQL, args)
}
