package postgres_test

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/dbtest"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/question"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// lived is a city in which something of everything has happened: two cases in
// force with things told and read, one that waits, and one that a guardian has
// ended.
func lived(t *testing.T) *dbtest.Database {
	t.Helper()
	db := dbtest.New(t)
	sealer, err := seal.New(bytes.Repeat([]byte{1}, seal.KeySize), bytes.Repeat([]byte{2}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.City(t.Context(), db.Owner()); err != nil {
		t.Fatal(err)
	}
	town := sample.NewTown(db.App(), sealer)
	if err := town.Fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	var majas, amirs, ahead uuid.UUID
	if err := db.Super().QueryRow(t.Context(), `select intervention, id from sig.meeting`).Scan(&amirs, &ahead); err != nil {
		t.Fatal(err)
	}
	police, err := town.As(t.Context(), "police-farsta", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Meeting.Open(t.Context(), police, sig.InterventionID{UUID: amirs}, sig.MeetingID{UUID: ahead}); err != nil {
		t.Fatal(err)
	}
	err = db.Super().QueryRow(t.Context(), `select i.id from sig.intervention i join sig.youth y on y.id = i.youth where y.name = 'Maja Wallin'`).Scan(&majas)
	if err != nil {
		t.Fatal(err)
	}
	ended := sig.InterventionID{UUID: majas}
	coordinator, err := town.As(t.Context(), "coordinator-farsta", "")
	if err != nil {
		t.Fatal(err)
	}
	item, err := town.Sharing.WriteItem(t.Context(), coordinator, sharing.NewItem{
		Intervention: ended, Categories: []sig.Category{sig.CategoryPlanGoals}, Text: "Mål för veckan.",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Sharing.Disclose(t.Context(), coordinator, sharing.NewDisclosure{
		Intervention: ended, Item: item, Recipients: []sig.Seat{sample.Police}, Necessity: "behövs",
	}); err != nil {
		t.Fatal(err)
	}
	disa, err := town.As(t.Context(), "disa", "guardian")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Consenting.Withdraw(t.Context(), disa, consenting.WithdrawInput{
		Intervention: ended, Scope: sig.WithdrawalScope{Whole: true}, Key: "once",
	}); err != nil {
		t.Fatal(err)
	}
	asks(t, town, sig.InterventionID{UUID: amirs}, coordinator)
	return db
}

// asks has the coordinator put a question to the police.
func asks(t *testing.T, town *sample.Town, amirs sig.InterventionID, coordinator sig.Actor) {
	t.Helper()
	choices, err := town.Question.Choices(t.Context(), coordinator, amirs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := town.Question.Ask(t.Context(), coordinator, question.New{
		Intervention: amirs, Asked: sample.Police, Category: sig.CategoryPlanGoals, Ends: choices.Now.AddDate(0, 0, 7), Text: "Hur går det?", Necessity: "planen",
	}); err != nil {
		t.Fatal(err)
	}
}

// What the faults of a room are planted with: an open room, the police in it
// since long ago, and something that they were told there.
const (
	openedRoom = `update sig.meeting set state = 'live', opened_at = created_at - interval '10 years', opened_by = assignment`
	cameIn     = `; insert into sig.meeting_attendance (id, meeting, intervention, invitation, came_at, came_noted_by)
		select gen_random_uuid(), m.id, m.intervention, v.id, m.opened_at, m.assignment from sig.meeting m join sig.meeting_invitation v on v.meeting = m.id
		 where v.function = 'community_police'`
	toldIn = `; insert into sig.meeting_told (item, point, meeting, intervention, authority, told_at, told_by)
		select d.item, p.id, m.id, m.intervention, d.authority, d.sent_at, d.assignment
		  from sig.meeting m join sig.meeting_point p on p.meeting = m.id and p.position = 1
		  join sig.disclosure d on d.intervention = m.intervention and d.state = 'sent' and d.recipient_function = 'community_police' limit 1`
	sentMinutes = `insert into sig.minutes (meeting, intervention, authority, version, changed_at) select id, intervention, authority, 1, now() from sig.meeting;
		insert into sig.minutes_sent (item, point, version, meeting, intervention, authority, sent_at, sent_by)
		select d.item, p.id, 1, m.id, m.intervention, m.authority, d.sent_at, m.assignment
		  from sig.meeting m join sig.meeting_point p on p.meeting = m.id and p.position = 1
		  join sig.disclosure d on d.intervention = m.intervention and d.state = 'sent' limit 1`
)

// plants are the faults that a test makes with every right and no trigger, one
// for each rule, with the statement that names what must be found.
var plants = map[string]struct{ make, id string }{
	"consent in force of an intervention that is not active": {
		`update sig.consent set state = 'active', ended_at = null where id = (select id from sig.consent where state = 'withdrawn' limit 1)`,
		`select id::text from sig.consent where intervention = (select intervention from sig.withdrawal limit 1) and state = 'active'`,
	},
	"active intervention without a consent in force": {
		`update sig.consent set state = 'lapsed' where id = (select c.id from sig.consent c join sig.received r on r.intervention = c.intervention and r.cut_at is null where c.state = 'active' limit 1)`,
		`select c.intervention::text from sig.consent c where c.state = 'lapsed'`,
	},
	"consent in force after its last row has ended": {
		`update sig.consent_grant set valid_from = valid_from - interval '1 year', valid_to = now() - interval '1 day' where consent = (select id from sig.consent where state = 'active' limit 1)`,
		`select distinct g.consent::text from sig.consent_grant g where g.valid_to < now()`,
	},
	"consent in force that nothing will end": {
		`delete from sig.alarm where kind = 'consent_expires' and cleared_at is null`, `select id::text from sig.consent where state = 'active'`,
	},
	"consent in force without the decision on the measure": {
		`update sig.consent set decided_on = null where state = 'active'`, `select id::text from sig.consent where state = 'active'`,
	},
	"consent in force without a signature that it needs": {
		`update sig.consent_signer set answer = 'refused' where kind = 'guardian' and consent in (select id from sig.consent where state = 'active')`,
		`select id::text from sig.consent where state = 'active'`,
	},
	"consent that came into force over the no of somebody who was fifteen": {
		`update sig.consent_signer set answer = 'refused' where kind = 'youth' and consent in (select id from sig.consent where state = 'active')`,
		`select s.consent::text from sig.consent_signer s join sig.consent c on c.id = s.consent where c.state = 'active' and s.answer = 'refused'`,
	},
	"consent in force to which somebody who decides has never said yes": {
		`update sig.consent set change = 'narrowing' where state = 'active'; update sig.consent_signer s set signer = gen_random_uuid(), required = false
		  from sig.consent c where c.id = s.consent and c.state = 'active' and s.kind = 'guardian';
		 update sig.guardianship set valid_from = valid_from - interval '1 year'`,
		`select c.id::text from sig.consent c where c.change = 'narrowing'`,
	},
	"consent that goes on without somebody who decides from a recorded day on": {
		`update sig.guardianship set valid_to = now() + interval '20 days' where youth = (select youth from sig.intervention where id = (select intervention from sig.consent where state = 'active' limit 1))`,
		`select id::text from sig.consent where state = 'active' limit 1`,
	},
	"part of somebody whose office handles no cases": {
		`update sig.assignment set function = 'administrator' where id = (select assignment from sig.participation where function = 'coordinator' and valid_to > now() order by id limit 1)`,
		`select p.id::text from sig.participation p join sig.assignment a on a.id = p.assignment where a.function = 'administrator' and p.valid_to > now()`,
	},
	"consent that goes on after its core has left with a function": {
		`update sig.consent set core_until = now() - interval '1 hour' where state = 'active'`, `select id::text from sig.consent where state = 'active'`,
	},
	"change of custody that came about and is not written down": {
		custodyAhead + `; update sig.guardianship g set valid_from = a.at - interval '1 day', valid_to = a.at from sig.custody_change a where a.ends = g.id`, `select id::text from sig.custody_change`,
	},
	"change of custody that its guardianships do not say": {
		custodyAhead + `; update sig.custody_change set done_at = now()`, `select id::text from sig.custody_change`,
	},
	"consent in force that nobody has signed": {
		`delete from sig.consent_signer where consent in (select id from sig.consent where state = 'active')`,
		`select id::text from sig.consent where state = 'active'`,
	},
	"name shown to families that no registrar of its authority decided": {
		`insert into sig.seat_name (id, authority, unit, function, reason_sealed, decided_by, decided_at)
		 select a.id, a.authority, a.unit, a.function, 'x', a.id, sig.now() from sig.assignment a where a.function = 'registrar' or a.name = 'Kent Berg'`,
		`select id::text from sig.seat_name`,
	},
	"change of a seat without its row in the ledger, or of a seat of no consent": {
		`insert into sig.seat_change (id, intervention, consent, authority, unit, function, kind, at)
		 select gen_random_uuid(), g.intervention, g.consent, g.recipient_authority, g.recipient_unit, g.recipient_function, 'vacant', sig.now()
		   from sig.consent_grant g join sig.consent c on c.id = g.consent where c.state = 'active' and g.recipient_unit is not null limit 1`,
		`select id::text from sig.seat_change`,
	},
	"signature of another text": {
		`update sig.consent_signer set text_hash = sha256('x') where kind = 'youth' and answer = 'signed'`,
		`select consent::text from sig.consent_signer where text_hash = sha256('x')`,
	},
	"own yes without its row in the ledger": {
		`insert into sig.own_consent (id, intervention, discloser_authority, discloser_unit, discloser_function, recipient_authority, recipient_unit,
			recipient_function, categories, purpose, districts, text_hash, proposed_by, proposed_at, valid_from, valid_to, given_at, auth_time, language, wording)
		 select gen_random_uuid(), g.intervention, g.discloser_authority, g.discloser_unit, g.discloser_function, g.recipient_authority, g.recipient_unit,
			g.recipient_function, g.categories, g.purpose, '{}', sha256('x'), (select id from sig.assignment limit 1), now(), now(), now() + interval '1 day',
			now(), now(), 'sv', sha256('y') from sig.consent_grant g where g.recipient_unit is not null and g.discloser_unit is not null limit 1`,
		`select id::text from sig.own_consent`,
	},
	"oral yes that its own recorder confirmed": {
		`alter table sig.consent_oral drop constraint consent_oral_confirmed_by_another; ` + saidYes + `; update sig.consent_oral set confirmer = recorder`,
		`select id::text from sig.consent_oral`,
	},
	"oral yes that holds though nobody has written it in time": {
		saidYes + `; update sig.consent_oral set written_by = now() - interval '1 hour', confirmed_at = now() - interval '2 hours'`, `select id::text from sig.consent_oral`,
	},
	"version whose end is not that of what was said aloud": {
		saidYes + `; update sig.consent set oral_until = null`, `select consent::text from sig.consent_oral`,
	},
	"signature said aloud that no second person confirmed": {
		`update sig.consent_signer set channel = 'oral' where answer = 'signed' and consent = (select id from sig.consent where state = 'active' limit 1)`,
		`select consent::text from sig.consent_signer where channel = 'oral'`,
	},
	"file that belongs to nothing": {
		`insert into sig.file (id, intervention, authority, kind, size, body_sealed, stored_by, stored_at)
			select gen_random_uuid(), i.id, i.authority, 'pdf', 1, '\x00', (select id from sig.assignment limit 1), now() from sig.intervention i limit 1`,
		`select id::text from sig.file`,
	},
	"signature on paper without its scan": {
		`update sig.consent_signer set channel = 'paper' where answer = 'signed' and consent = (select id from sig.consent where state = 'active' limit 1)`,
		`select consent::text from sig.consent_signer where channel = 'paper'`,
	},
	"grant of another intervention than its consent's": {
		`update sig.consent_grant set intervention = (select intervention from sig.withdrawal limit 1) where id = (select g.id from sig.consent_grant g join sig.consent c on c.id = g.consent and c.state = 'partially_signed' limit 1)`,
		`select g.id::text from sig.consent_grant g join sig.consent c on c.id = g.consent where c.intervention <> g.intervention`,
	},
	"withdrawal without its row in the ledger": {
		`update sig.withdrawal set ledger_id = null`, `select id::text from sig.withdrawal`,
	},
	"row that was withdrawn and is in force": {
		`update sig.withdrawal set removed_grants = array[(select g.id from sig.consent_grant g join sig.consent c on c.id = g.consent and c.state = 'active' limit 1)]`,
		`select removed_grants[1]::text from sig.withdrawal`,
	},
	"intervention that a withdrawal has closed and that is open": {
		`update sig.withdrawal set intervention = (select intervention from sig.consent where state = 'active' limit 1)`,
		`select intervention::text from sig.withdrawal`,
	},
	"closing without the task to consider other measures": {
		`delete from sig.task where kind = 'consider_other_measures'`, `select id::text from sig.intervention where state = 'closing'`,
	},
	"disclosure that waits in an intervention that has ended": {
		`update sig.disclosure set state = 'queued', sent_at = null where intervention = (select intervention from sig.withdrawal limit 1)`,
		`select id::text from sig.disclosure where state = 'queued'`,
	},
	"disclosure by consent without a row that covered it": {
		`update sig.disclosure set categories = '{substance_use}' where id = (select id from sig.received where cut_at is null limit 1)`,
		`select id::text from sig.disclosure where categories = '{substance_use}'`,
	},
	"disclosure without its row in the ledger": {
		`update sig.ledger set object_id = gen_random_uuid() where kind = 'disclose' and id = (select min(id) from sig.ledger where kind = 'disclose' and outcome = 'allowed')`,
		`select d.id::text from sig.disclosure d where not exists (select from sig.ledger l where l.kind = 'disclose' and l.object_id = d.id)`,
	},
	"disclosure recorded after the withdrawal of everything": {
		`update sig.withdrawal set ledger_id = 1`, `select d.id::text from sig.disclosure d join sig.withdrawal w on w.intervention = d.intervention`,
	},
	"late disclosure that nobody was set to look into": {
		`update sig.disclosure set after_withdrawal = true where intervention = (select intervention from sig.withdrawal limit 1)`,
		`select id::text from sig.disclosure where after_withdrawal`,
	},
	"copy without the disclosure that delivered it": {
		`update sig.received set content_hash = sha256('x') where id = (select id from sig.received limit 1)`,
		`select id::text from sig.received where content_hash = sha256('x')`,
	},
	"disclosure whose copy is missing": {
		`delete from sig.received where cut_at is not null`,
		`select d.id::text from sig.disclosure d join sig.withdrawal w on w.intervention = d.intervention`,
	},
	"readable copy that no row in force covers": {
		`update sig.received set cut_at = null, cut_by = null where cut_at is not null`,
		`select r.id::text from sig.received r join sig.withdrawal w on w.intervention = r.intervention`,
	},
	"cut copy that is kept after the registrar's time": {
		`update sig.received set cut_at = cut_at - interval '31 days', registrar_until = registrar_until - interval '31 days' where cut_at is not null`,
		`select id::text from sig.received where cut_at is not null`,
	},
	"read of a copy after it was cut": {
		`update sig.received set cut_at = received_at, cut_by = 'narrowing', registrar_until = now() + interval '1 day'
		  where id = (select r.id from sig.received r join sig.ledger l on l.object_id = r.id and l.kind = 'read_copy' and l.outcome = 'allowed' order by r.id limit 1)`,
		`select id::text from sig.received where cut_by = 'narrowing'`,
	},
	"read of a copy that does not exist": {
		`update sig.ledger set object_id = gen_random_uuid() where id = (select min(id) from sig.ledger where kind = 'read_copy' and outcome = 'allowed')`,
		`select min(id)::text from sig.ledger where kind = 'read_copy' and outcome = 'allowed'`,
	},
	"copy marked as transferred without its row in the ledger": {
		`update sig.received set transferred_at = now() where cut_at is not null`, `select id::text from sig.received where transferred_at is not null`,
	},
	"mail that left for somebody whose part had ended": {
		`update sig.mail set checked_at = 'infinity', sent_at = now() where id = (select id from sig.mail where assignment is not null limit 1)`,
		`select id::text from sig.mail where sent_at is not null`,
	},
	"mail that left unchecked": {
		`update sig.mail set sent_at = now() where id = (select id from sig.mail limit 1)`, `select id::text from sig.mail where sent_at is not null`,
	},
	"alarm that nobody answers": {
		`update sig.alarm set due_at = now() - interval '1 hour' where kind = 'expiry_reminder' and cleared_at is null`,
		`select id::text from sig.alarm where due_at < now() and done_at is null and cleared_at is null and kind = 'expiry_reminder'`,
	},
	"meeting that lies ahead in an intervention that has ended": {
		`update sig.meeting set intervention = (select intervention from sig.withdrawal limit 1)`, `select id::text from sig.meeting`,
	},
	"call to a meeting ahead that no row in force covers": {
		`update sig.consent_grant set categories = '{substance_use}' where recipient_function = 'community_police'`,
		`select id::text from sig.meeting_invitation where function = 'community_police'`,
	},
	"somebody called to a point for the family alone": {
		`update sig.meeting_point set family_alone = true`,
		`select v.id::text from sig.meeting_invitation v join sig.meeting_presence r on r.invitation = v.id join sig.meeting m on m.id = v.meeting where v.function <> m.function`,
	},
	"what the family said alone told to a function": {
		`update sig.meeting_point set family_alone = true; ` + openedRoom + toldIn,
		`select d.id::text from sig.disclosure d join sig.meeting_told t on t.item = d.item and t.told_at = d.sent_at`,
	},
	"meeting without its row in the ledger": {
		`update sig.ledger set object_id = gen_random_uuid() where kind = 'schedule_meeting'`, `select id::text from sig.meeting`,
	},
	"call to a meeting without its row in the ledger": {
		`update sig.ledger set recipient_function = 'mentor' where kind = 'invite_function' and recipient_function = 'community_police'`,
		`select id::text from sig.meeting_invitation where function = 'community_police'`,
	},
	"read of a meeting after the call had ended": {
		`update sig.meeting_invitation set ended_at = invited_at, ended_by = 'narrowing' where function = 'community_police'`,
		`select id::text from sig.meeting_invitation where ended_by = 'narrowing'`,
	},
	"somebody in a room whose call has ended": {
		openedRoom + cameIn + `; update sig.meeting_invitation set ended_at = now(), ended_by = 'narrowing'`, `select id::text from sig.meeting_attendance`,
	},
	"guest in a room whose call has ended": {
		openedRoom + `; insert into sig.meeting_guest (id, meeting, intervention, authority, kind, who_sealed, contact_sealed, language, invited_at, invited_by, ended_at, ended_by)
			select gen_random_uuid(), m.id, m.intervention, m.authority, 'interpreter', '', '', 'prs', m.opened_at, m.assignment, now(), 'by_coordinator' from sig.meeting m limit 1;
		insert into sig.meeting_guest_stay (id, meeting, intervention, guest, came_at, came_noted_by)
			select gen_random_uuid(), q.meeting, q.intervention, q.id, q.invited_at, q.invited_by from sig.meeting_guest q`,
		`select id::text from sig.meeting_guest_stay`,
	},
	"told in a room to a function that was not there": {openedRoom + toldIn, `select id::text from sig.disclosure where item = (select item from sig.meeting_told)`},
	"told in a room after sharing had ended there": {
		openedRoom + `, sharing_ended_at = now() - interval '9 years'` + toldIn, `select item::text from sig.meeting_told`,
	},
	"told in a room without its row in the ledger": {openedRoom + cameIn + toldIn, `select item::text from sig.meeting_told`},
	"answer that was taken back": {
		`update sig.voice set taken_back_at = now()`, `select distinct voice::text from sig.voice_answer`,
	},
	"voice for somebody who was not called to its meeting": {
		`update sig.meeting_invitation set invited_at = now() + interval '1 day' where function = 'community_police'`, `select id::text from sig.voice`,
	},
	"voice without its row in the ledger": {
		`update sig.ledger set object_id = gen_random_uuid() where kind = 'leave_voice'`, `select id::text from sig.voice`,
	},
	"read of a voice by a function that it was not for": {
		`update sig.ledger set kind = 'read_voice', authority = 'utbildning', function = 'mentor' where kind = 'leave_voice'`,
		`select id::text from sig.ledger where kind = 'read_voice'`,
	},
	"minutes sent that were not approved": {sentMinutes, `select item::text from sig.minutes_sent`},
	"minutes sent without a row in the ledger": {
		sentMinutes + `; update sig.minutes set approved_version = 1, approved_at = now(), approved_by = (select assignment from sig.meeting)`, `select item::text from sig.minutes_sent`,
	},
	"open commitment in an intervention that has ended": {
		`update sig.commitment set intervention = (select intervention from sig.withdrawal limit 1)`, `select id::text from sig.commitment where state = 'open'`,
	},
	"open commitment of a function that no row in force covers": {
		`update sig.consent_grant set categories = '{substance_use}' where recipient_function = 'school_counsellor'`,
		`select id::text from sig.commitment where function = 'school_counsellor'`,
	},
	"version of a plan without its row in the ledger": {
		`update sig.plan set version = version + 1`, `select id::text from sig.plan`,
	},
	"commitment that ended without its row in the ledger": {
		`update sig.ledger set object_id = gen_random_uuid() where kind = 'report_commitment'`, `select id::text from sig.commitment where state = 'done'`,
	},
	"open question that no row in force carries both ways": {
		`update sig.consent_grant set categories = '{substance_use}' where discloser_function = 'community_police'`, `select id::text from sig.directed_question`,
	},
	"question or answer that was not told as any disclosure": {
		`update sig.directed_question set category = 'attendance'`, `select id::text from sig.directed_question`,
	},
	"question without its row in the ledger": {
		`update sig.ledger set object_id = gen_random_uuid() where kind = 'ask_question'`, `select id::text from sig.directed_question`,
	},
	"draft of somebody who has no part, or of another authority where nothing is shared": {
		`insert into sig.draft (id, assignment, intervention, form, version, body_sealed, saved_at)
		 select gen_random_uuid(), a.id, i.id, 'plan/edit', 1, 'x', now() from sig.intervention i, sig.assignment a
		  where not exists (select from sig.participation p where p.intervention = i.id and p.assignment = a.id) order by i.id, a.id limit 1`,
		`select id::text from sig.draft`,
	},
	"young person who is their own guardian": {
		`insert into sig.guardianship (id, youth, authority, name, pin_hash, pin_sealed, custody, source, verified_on, valid_from)
		 select gen_random_uuid(), y.id, y.authority, y.name, y.pin_hash, y.pin_sealed, 'joint', 'manual', '2026-01-01', now() - interval '1 day' from sig.youth y order by y.id limit 1`,
		`select g.id::text from sig.guardianship g join sig.youth y on y.id = g.youth and y.pin_hash = g.pin_hash`,
	},
	"disclosure that its own sender approved": {
		`alter table sig.disclosure disable trigger disclosure_approver_is_another_person;
		 insert into sig.assignment (id, person, staff_issuer, staff_key, name, authority, unit, function, valid_from)
		 select gen_random_uuid(), a.person, a.staff_issuer, a.staff_key, a.name, a.authority, a.unit, 'caseworker', a.valid_from
		   from sig.assignment a where a.id = (select assignment from sig.disclosure order by id limit 1);
		 update sig.disclosure d set approved_by = (select other.id from sig.assignment one join sig.assignment other on other.staff_key = one.staff_key and other.id <> one.id where one.id = d.assignment limit 1)
		  where d.id = (select id from sig.disclosure order by id limit 1)`,
		`select id::text from sig.disclosure where approved_by is not null`,
	},
	"stand-in from another unit and function than the seat's": {
		`insert into sig.participation (id, intervention, assignment, authority, unit, function, stand_in_for, valid_from, valid_to)
		 select gen_random_uuid(), p.intervention, other.id, p.authority, p.unit, p.function, p.id, now(), p.valid_to
		   from sig.participation p join sig.assignment other on other.authority = p.authority and other.function = p.function and other.unit = p.unit and other.id <> p.assignment
		  where p.function = 'coordinator' and p.stand_in_for is null and p.valid_to > now() order by p.id, other.id limit 1;
		 update sig.assignment a set function = 'caseworker', unit = (select u.id from sig.unit u where u.authority = a.authority and u.id <> a.unit order by u.id limit 1)
		  where a.id = (select p.assignment from sig.participation p where p.stand_in_for is not null)`,
		`select id::text from sig.participation where stand_in_for is not null`,
	},
	"table of content that no wall stands in front of": {
		`alter table sig.item no force row level security`, `select 'item'`,
	},
}

// custodyAhead plants a change of custody of a case that has ended.
const custodyAhead = `insert into sig.custody_change (id, intervention, ends, at, source, reference, verified_on, recorded_by, recorded_at)
	select gen_random_uuid(), i.id, g.id, now() - interval '1 hour', 'judgment', '', '2026-01-01', (select id from sig.assignment limit 1), now() - interval '1 day'
	  from sig.intervention i join sig.guardianship g on g.youth = i.youth order by i.state in ('active', 'sharing_stopped'), g.id limit 1`

// saidYes plants a confirmed oral yes to a consent in force.
const saidYes = `insert into sig.consent_oral (id, consent, intervention, signer, kind, state, text_hash, received_at, method, language,
	recorded_by, recorder, recorded_at, confirmed_by, confirmer, confirmed_at, written_by)
	select gen_random_uuid(), c.id, c.intervention, s.signer, s.kind, 'confirmed', c.text_hash, now() - interval '1 day', 'phone', 'so',
	       (array_agg(a.id))[1], (array_agg(a.person))[1], now(), (array_agg(a.id))[2], (array_agg(a.person))[2], now(), now() + interval '12 days'
	  from sig.consent c join sig.consent_signer s on s.consent = c.id and s.answer = 'signed' cross join (select id, person from sig.assignment where person is not null order by id limit 2) a
	 where c.state = 'active' group by c.id, s.signer, s.kind limit 1`

// TestFsckFindsEachFault: a city in which everything has happened is clean,
// and each fault that is planted in it is found under its name with its id.
func TestFsckFindsEachFault(t *testing.T) {
	t.Parallel()
	db := lived(t)
	sound, err := postgres.Fsck(t.Context(), db.URL("sig_owner"), ledger.Witnesses{})
	if err != nil || !sound.Clean() || sound.Invariants != len(plants) {
		t.Fatalf("a sound city: %+v, %v", sound, err)
	}
	if planted := slices.Sorted(maps.Keys(plants)); !slices.Equal(planted, slices.Sorted(slices.Values(postgres.Invariants()))) {
		t.Errorf("not every rule has a fault to find: %v", planted)
	}
	for rule, plant := range plants {
		t.Run(rule, func(t *testing.T) {
			tx, err := db.Super().Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
			for _, statement := range []string{`set local session_replication_role = replica`, plant.make} {
				if _, err := tx.Exec(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			var id string
			if err := tx.QueryRow(t.Context(), plant.id).Scan(&id); err != nil {
				t.Fatalf("nothing was planted: %v", err)
			}
			check, err := postgres.FsckIn(t.Context(), tx)
			if err != nil {
				t.Fatal(err)
			}
			if want := (postgres.Finding{Invariant: rule, ID: id}); !slices.Contains(check.Findings, want) || check.Clean() {
				t.Errorf("found %v, want %v", check.Findings, want)
			}
		})
	}
}
