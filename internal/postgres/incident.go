package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

type incidentKind struct{}

// IncidentID is something that must be looked into.
type IncidentID = sig.ID[incidentKind]

// Incident is something that must be looked into: ids, instants and a sealed
// note of what was done.
type Incident struct {
	ID           IncidentID
	Intervention sig.InterventionID
	Authority    sig.AuthorityID
	Kind         string
	Disclosure   sig.DisclosureID
	OpenedAt     time.Time
	ClosedAt     *time.Time
	DoneSealed   []byte
	Reference    string // of the withdrawal that it came after
	ReceivedAt   *time.Time
}

const openIncidentSQL = `
insert into sig.incident (id, intervention, authority, kind, disclosure, withdrawal, own_consent, opened_at)
values (@id, @intervention, @authority, 'disclosed_after_withdrawal', @disclosure, @withdrawal, @own, @at)`

// OpenLateIncident opens an incident about a disclosure sent after the moment
// of effect of a withdrawal that was recorded later: of everybody's consent, or
// of a young person's own.
func (tx *Tx) OpenLateIncident(
	ctx context.Context, intervention sig.InterventionID, board sig.AuthorityID, disclosure sig.DisclosureID, withdrawal WithdrawalID, own sig.GrantID,
) (IncidentID, error) {
	id := sig.NewID[incidentKind]()
	err := tx.one(ctx, "open an incident", openIncidentSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "authority": board, "disclosure": disclosure, "withdrawal": orNull(withdrawal),
		"own": orNull(own), "at": tx.Now(),
	})
	return id, err
}

const incidentsSQL = `
select n.id, n.intervention, n.authority, n.kind, n.disclosure, n.opened_at, n.closed_at, n.done_sealed,
       coalesce(w.reference, o.reference, '') as reference, coalesce(w.received_at, o.ended_at) as received_at
  from sig.incident n left join sig.withdrawal w on w.id = n.withdrawal left join sig.own_consent o on o.id = n.own_consent
 where n.intervention = @intervention
 order by n.opened_at desc, n.id`

// Incidents lists what must be, or was, looked into in one intervention, as
// far as the actor may see it.
func (tx *Tx) Incidents(ctx context.Context, intervention sig.InterventionID) ([]Incident, error) {
	return collect[Incident](ctx, tx, "list incidents", incidentsSQL, pgx.StrictNamedArgs{"intervention": intervention})
}

// LateDisclosure is what an incident is about: who told whom which categories,
// when, whether they heard it in the room, and when it was first read there. It has
// no content.
type LateDisclosure struct {
	ID         sig.DisclosureID
	Sender     sig.Seat
	Recipient  sig.Seat
	Categories []sig.Category
	SentAt     time.Time
	Heard      bool // it was told in the room of a meeting, to those who were there
	ReadAt     *time.Time
}

const lateDisclosureSQL = `
select d.id, d.authority, d.unit, d.function, coalesce(d.recipient_authority, ''), coalesce(d.recipient_unit, ''),
       coalesce(d.recipient_function, ''), d.categories, d.sent_at,
       exists (select from sig.meeting_told t where t.item = d.item and t.told_at = d.sent_at)
  from sig.disclosure d where d.id = any (@ids) and d.sent_at is not null`

// LateDisclosures reads what incidents are about. It runs inside AsSystem: the
// board looks into what its partners told as well.
func (tx *Tx) LateDisclosures(ctx context.Context, ids []sig.DisclosureID) (map[sig.DisclosureID]LateDisclosure, error) {
	found := map[sig.DisclosureID]LateDisclosure{}
	rows, err := tx.Query(ctx, lateDisclosureSQL, pgx.StrictNamedArgs{"ids": ids})
	if err != nil {
		return nil, wrap("read late disclosures", err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (LateDisclosure, error) {
		var d LateDisclosure
		err := row.Scan(&d.ID, &d.Sender.Authority, &d.Sender.Unit, &d.Sender.Function,
			&d.Recipient.Authority, &d.Recipient.Unit, &d.Recipient.Function, &d.Categories, &d.SentAt, &d.Heard)
		return d, err
	})
	if err != nil {
		return nil, wrap("read late disclosures", err)
	}
	for _, d := range list {
		found[d.ID] = d
	}
	return found, nil
}

const firstReadSQL = `
select object_id, min(at) as at from sig.ledger
 where intervention = @intervention and object_id = any (@ids) and kind = 'read_copy' and outcome = 'allowed'
 group by object_id`

// FirstReads is when copies were first read, by the ledger's rows that the
// actor may see.
func (tx *Tx) FirstReads(ctx context.Context, intervention sig.InterventionID, ids []sig.DisclosureID) (map[sig.DisclosureID]time.Time, error) {
	rows, err := tx.Query(ctx, firstReadSQL, pgx.StrictNamedArgs{"intervention": intervention, "ids": ids})
	if err != nil {
		return nil, wrap("find first reads", err)
	}
	reads := map[sig.DisclosureID]time.Time{}
	var id uuid.UUID
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&id, &at}, func() error {
		reads[sig.DisclosureID{UUID: id}] = at
		return nil
	})
	if err != nil {
		return nil, wrap("find first reads", err)
	}
	return reads, nil
}

const closeIncidentSQL = `
update sig.incident set closed_at = @at, closed_by = @by, done_sealed = @done
 where id = @id and intervention = @intervention and closed_at is null`

// CloseIncident records what was done, once.
func (tx *Tx) CloseIncident(ctx context.Context, intervention sig.InterventionID, id IncidentID, doneSealed []byte) error {
	return tx.one(ctx, "close an incident", closeIncidentSQL, pgx.StrictNamedArgs{
		"id": id, "intervention": intervention, "done": doneSealed, "at": tx.Now(), "by": tx.Actor.Assignment,
	})
}
