package walltest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"sigportal/internal/sig"
)

// load writes the world into an emptied database, past every wall.
func (w *world) load(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	b := &pgx.Batch{}
	b.Queue(`truncate sig.meeting_told, sig.commitment, sig.plan_visibility, sig.plan_text, sig.plan, sig.meeting_presence, sig.meeting_invitation,
		sig.meeting_point_text, sig.meeting_point, sig.meeting, sig.received, sig.item_visibility, sig.item, sig.consent_exclusion, sig.consent_grant, sig.consent, sig.maturity_assessment, sig.own_consent,
		sig.participation, sig.intervention, sig.guardianship, sig.youth, sig.assignment, sig.function_move, sig.unit, sig.branch,
		sig.authority, sig.identity_provider, sig.district cascade`)
	b.Queue(`set session_replication_role = replica`) // a world may hold states that no legal path leads to
	w.queueDirectory(b)
	w.queueCases(b)
	w.queueContent(b)
	w.queueMeetings(b)
	w.queueTold(b)
	b.Queue(`set session_replication_role = origin`)
	if err := db.SendBatch(context.Background(), b).Close(); err != nil {
		t.Fatalf("load a world: %v", err)
	}
}

func (w *world) queueDirectory(b *pgx.Batch) {
	for _, d := range districts {
		b.Queue(`insert into sig.district (id, name) values ($1, $1)`, d)
	}
	b.Queue(`insert into sig.identity_provider (issuer, kind, staff_claim) values ('staff', 'staff', 'org')`)
	for _, a := range authorities {
		b.Queue(`insert into sig.authority (id, kind, name, districts, public_body) values ($1, 'district_board', $1, '{}', true)`, a)
		b.Queue(`insert into sig.branch (id, authority, name, regime, independent) values ($1, $1, $1, 'social_26_1', false)`, a)
	}
	for _, u := range w.units {
		b.Queue(`insert into sig.unit (id, branch, authority, name, districts) values ($1, $2, $2, $1, $3)`, u.id, u.authority, u.districts)
	}
	for _, m := range w.moves {
		b.Queue(`insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at) values ($1, $2, $3, $4, $5, $6)`,
			uuid.New(), m.Authority, m.Function, m.From, m.To, m.At)
	}
	for _, s := range w.staff {
		b.Queue(`insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, districts, valid_from, valid_to)
			values ($1::uuid, 'staff', $1::text, 'x', $2, $3, $4, $5, $6, $7)`,
			s.id.String(), s.unit.id, s.unit.authority, s.function, orEmpty(s.districts), s.from, s.to)
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (w *world) queueCases(b *pgx.Batch) {
	hash := func(id uuid.UUID) []byte { return append(bytes.Clone(id[:]), id[:]...) }
	for i, c := range w.cases {
		f := w.families[c.family]
		b.Queue(`insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at) values ($1, $2, 'x', $3, $4, '\x00', now())`,
			f.youth, c.board, f.birth, hash(f.youth.UUID))
		b.Queue(`insert into sig.youth_home (youth, hidden, by_youth, changed_at, office_until, office_session)
			values ($1, false, false, now(), $2, nullif($3, '00000000-0000-0000-0000-000000000000'::uuid))`, f.youth, f.office.Until, f.office.Session.UUID)
		for _, g := range f.guardians {
			b.Queue(`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from, valid_to)
				values ($1, $2, $3, 'x', $4, '\x00', 'joint', 'manual', '2026-01-01', $5, $6)`, g.id, f.youth, c.board, hash(g.id.UUID), g.from, g.to)
		}
		b.Queue(`insert into sig.intervention (id, case_number, authority, youth, programme, state, state_since, created_at, created_by, closed_reason)
			values ($1, $2, $3, $4, 'sig', $5, now(), now(), $6, case when $5 in ('closing', 'closed') then 'other' end)`,
			c.id, "AAAA-222"+string(rune('2'+i)), c.board, f.youth, c.state, w.staff[0].id)
		for _, p := range c.parts {
			var stands any
			if p.standIn {
				stands = uuid.New()
			}
			b.Queue(`insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
				uuid.New(), c.id, w.staff[p.staff].id, w.staff[p.staff].unit.authority, p.unit, p.function, stands, p.from, p.to)
		}
		for n, alone := range [][]sig.Category{c.before, c.alone} { // the later one counts
			b.Queue(`insert into sig.maturity_assessment (id, intervention, outcome, alone, reason_sealed, assessed_by, assessed_at)
				values ($1, $2, 'mature', $3, '\x00', $4, $5)`, uuid.New(), c.id, orEmpty(alone), w.staff[0].id, w.now.Add(time.Duration(n-2)*time.Hour))
		}
		for _, o := range c.own {
			b.Queue(`insert into sig.own_consent (id, intervention, discloser_authority, discloser_unit, discloser_function,
					recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, text_hash, proposed_by, proposed_at,
					valid_from, valid_to, given_at, auth_time, language, wording, ended_at, ended_by)
				values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'follow_plan', $10, sha256(''), $11, now(), $12, $13,
					case when $14 then now() end, case when $14 then now() end, case when $14 then 'sv' end, case when $14 then sha256('') end,
					case when $15 then now() end, case when $15 then 'youth' end)`,
				o.ID, c.id, o.Discloser.Authority, o.Discloser.Unit, o.Discloser.Function, o.Recipient.Authority, o.Recipient.Unit,
				o.Recipient.Function, o.Categories, o.Districts, w.staff[0].id, o.From, o.To, o.given, o.ended)
		}
		for version, k := range c.consents {
			w.queueConsent(b, c, version+1, k)
		}
	}
}

// waiting is how a version is written down that may be one that waits for
// somebody who has begun to decide, or whose core has left: active, until an
// instant that has come. One that does not wait may be about to.
func (w *world) waiting(k consent) (written sig.ConsentState, carriedUntil, coreUntil *time.Time) {
	var at time.Time
	switch n := w.later.IntN(4); {
	case k.state == sig.ConsentSuspended && n < 2:
		at = w.now.Add(-time.Duration(n) * time.Microsecond)
	case k.state == sig.ConsentActive && n < 2:
		at = w.now.Add(pick(w.later, []time.Duration{time.Microsecond, time.Hour}))
	default:
		return k.state, nil, nil
	}
	later := at.Add(time.Hour)
	both := pick(w.later, [][2]*time.Time{{&at, nil}, {nil, &at}, {&at, &later}, {&later, &at}})
	return sig.ConsentActive, both[0], both[1]
}

func (w *world) queueConsent(b *pgx.Batch, c theCase, version int, k consent) {
	written, carriedUntil, coreUntil := w.waiting(k)
	b.Queue(`insert into sig.consent (id, intervention, version, state, change, prepared_at, oral_until, carried_until, core_until)
		values ($1, $2, $3, $4, 'first', now(), $5, $6, $7)`, k.id, c.id, version, written, k.said, carriedUntil, coreUntil)
	for _, g := range k.grants {
		b.Queue(`insert into sig.consent_grant (id, consent, intervention, row_number, discloser_authority, discloser_unit, discloser_function,
				recipient_authority, recipient_unit, recipient_function, categories, purpose, districts, valid_from, valid_to, origin)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'follow_plan', $12, $13, $14, $1)`,
			g.ID, k.id, c.id, g.Row, g.Discloser.Authority, g.Discloser.Unit, g.Discloser.Function,
			g.Recipient.Authority, g.Recipient.Unit, g.Recipient.Function, g.Categories, g.Districts, g.From, k.ends[g.ID])
	}
	for _, x := range k.exclusions {
		b.Queue(`insert into sig.consent_exclusion (id, consent, intervention, recipient_authority, recipient_unit, recipient_function, category)
			values ($1, $2, $3, nullif($4, ''), nullif($5, ''), nullif($6, ''), nullif($7, ''))`,
			x.ID, k.id, c.id, x.Recipient.Authority, x.Recipient.Unit, x.Recipient.Function, x.Category)
	}
}

func (w *world) queueContent(b *pgx.Batch) {
	for _, k := range w.copies {
		basis := "internal_need"
		if k.byConsent {
			basis = "consent"
		}
		var cutAt, cutBy, until, deleted, body any
		if k.cut {
			cutAt, cutBy, until = w.now, "withdrawal", k.registrarUntil
		}
		if k.deleted {
			deleted = w.now
		} else {
			body = []byte{0}
		}
		b.Queue(`insert into sig.received (id, intervention, item, authority, unit, function, sender_authority, sender_unit, sender_function,
				basis, categories, purpose, body_sealed, content_hash, received_at, cut_at, cut_by, registrar_until, deleted_at)
			values ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, 'follow_plan', $11, '\x00', now(), $12, $13, $14, $15)`,
			k.id, w.cases[k.inCase].id, k.recipient.Authority, k.recipient.Unit, k.recipient.Function,
			k.sender.Authority, k.sender.Unit, k.sender.Function, basis, k.categories, body, cutAt, cutBy, until, deleted)
	}
	for _, it := range w.items {
		b.Queue(`insert into sig.item (id, intervention, authority, unit, function, author, categories, body_sealed, created_at)
			values ($1, $2, $3, $4, $5, $6, $7, '\x00', now())`,
			it.id, w.cases[it.inCase].id, it.owner, w.staff[it.author].unit.id, w.staff[it.author].function, w.staff[it.author].id, it.kinds)
	}
	for _, d := range w.decisions {
		it := w.items[d.item]
		b.Queue(`insert into sig.item_visibility (item, intervention, authority, viewer, viewer_kind, visible, low_risk_at_home, ground, decided_by, decided_at)
			values ($1, $2, $3, $4, $5, $6, $7, 'none', $8, now())`,
			it.id, w.cases[it.inCase].id, it.owner, d.viewer, d.kind, d.visible, d.lowRisk, w.staff[it.author].id)
	}
}
