package postgres

// invariant is a statement that gives the ids of what breaks it.
type invariant struct {
	name string
	sql  string
}

// rowsAndOwnSQL are the rows beside a version in force: everybody's and, over what
// is the youth's alone, the youth's own.
const rowsAndOwnSQL = `
       select r.consent, r.discloser_authority, r.discloser_function, r.recipient_authority, r.recipient_function, r.categories, r.valid_to
         from sig.consent_grant r
       union all
       select k.id, o.discloser_authority, o.discloser_function, o.recipient_authority, o.recipient_function, o.categories, o.valid_to
         from sig.own_consent o join sig.consent k on k.intervention = o.intervention
        where o.given_at is not null and o.ended_at is null and o.categories <@ sig.alone_in(o.intervention)`

// The replicas have five minutes for what an instant sets in motion; access
// does not wait for it, so that much may lie about without harm.
var invariants = []invariant{
	{"consent in force of an intervention that is not active", `
select c.id::text from sig.consent c join sig.intervention i on i.id = c.intervention
 where c.state in ('active', 'suspended') and i.state <> 'active' order by 1`},
	{"active intervention without a consent in force", `
select i.id::text from sig.intervention i
 where i.state = 'active'
   and not exists (select from sig.consent c where c.intervention = i.id and c.state in ('active', 'suspended')) order by 1`},
	{"consent in force after its last row has ended", `
select c.id::text from sig.consent c
 where c.state in ('active', 'suspended')
   and (select max(least(g.valid_to, c.oral_until)) from sig.consent_grant g where g.consent = c.id) < (select sig.now()) - interval '5 minutes' order by 1`},
	{"consent in force that nothing will end", `
select c.id::text from sig.consent c
 where c.state in ('active', 'suspended')
   and not exists (select from sig.alarm a where a.kind = 'consent_expires' and a.object_id = c.id and a.cleared_at is null) order by 1`},
	{"consent in force without the decision on the measure", `
select c.id::text from sig.consent c where c.state in ('active', 'suspended') and c.decided_on is null order by 1`},
	{"consent in force without a signature that it needs", `
select distinct c.id::text from sig.consent c
  join sig.consent_signer s on s.consent = c.id and s.required and s.answer is distinct from 'signed' and s.overridden_at is null
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
  left join sig.guardianship g on g.id = s.signer
 where c.state in ('active', 'suspended') and c.change <> 'narrowing'
   and (s.kind = 'youth' or c.state = 'active' and c.activated_at < least(g.valid_to, sig.eighteen_from(y.birth_date))) order by 1`},
	{"consent that came into force over the no of somebody who was fifteen", `
select c.id::text from sig.consent c
  join sig.consent_signer s on s.consent = c.id and s.kind = 'youth' and s.answer = 'refused'
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
 where c.activated_at is not null and c.change <> 'narrowing'
   and (c.activated_at at time zone 'Europe/Stockholm')::date >= (y.birth_date + interval '15 years')::date order by 1`},
	{"consent in force to which somebody who decides has never said yes", `
with clock as materialized (select sig.now() as now)
select distinct c.id::text from sig.consent c
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
  cross join clock t
  join sig.guardianship g on g.youth = y.id and g.valid_from < t.now - interval '5 minutes' and t.now < least(g.valid_to, sig.eighteen_from(y.birth_date))
 where c.state = 'active'
   and not exists (select from sig.age_rule r where not r.guardians_sign and r.from_age < 18)
   and not exists (select from sig.guardian_prevented p where p.guardianship = g.id and p.intervention = i.id and p.valid_from <= t.now and t.now < p.valid_to + interval '5 minutes')
   and not exists (
     with recursive said as (
       select c.id, c.change, c.previous
       union all
       select b.id, b.change, b.previous from said n join sig.consent b on b.id = n.previous and n.change in ('narrowing', 'withdrawal'))
     select from said n join sig.consent_signer s on s.consent = n.id and s.signer = g.id and s.answer = 'signed') order by 1`},
	{"consent that goes on without somebody who decides from a recorded day on", `
with clock as materialized (select sig.now() as now)
select c.id::text from sig.consent c
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
  cross join clock t
  join sig.guardianship g on g.youth = y.id and g.valid_from < g.valid_to and t.now < g.valid_from and g.valid_from < sig.eighteen_from(y.birth_date)
 where c.state = 'active' and (c.carried_until is null or g.valid_from < c.carried_until)
 union
select c.id::text from sig.consent c
  join sig.intervention i on i.id = c.intervention
  join sig.youth y on y.id = i.youth
  cross join clock t
  join sig.guardianship g on g.youth = y.id and g.valid_from < g.valid_to and t.now < g.valid_to and g.valid_to < sig.eighteen_from(y.birth_date)
 where c.state = 'active' and (c.carried_until is null or g.valid_to < c.carried_until)
   and not exists (select from sig.guardianship o where o.youth = y.id and o.valid_from <= g.valid_to and g.valid_to < o.valid_to)
 union
select c.id::text from sig.consent c cross join clock t where c.state = 'active' and c.carried_until < t.now - interval '5 minutes'
 order by 1`},
	{"consent that goes on after its core has left with a function", `
select c.id::text from sig.consent c where c.state in ('active', 'suspended') and c.core_until < (select sig.now()) - interval '5 minutes' order by 1`},
	{"young person who is their own guardian", `
select g.id::text from sig.guardianship g join sig.youth y on y.id = g.youth
 where g.pin_hash = y.pin_hash and g.valid_from < g.valid_to and (select sig.now()) < g.valid_to order by 1`},
	{"change of custody that came about and is not written down", `
select a.id::text from sig.custody_change a
 where a.taken_back_at is null and a.done_at is null and a.at < (select sig.now()) - interval '5 minutes' order by 1`},
	{"change of custody that its guardianships do not say", `
select a.id::text from sig.custody_change a
  left join sig.guardianship e on e.id = a.ends
  left join sig.guardianship b on b.id = a.begins
 where case when a.taken_back_at is null then e.valid_to <> a.at or b.valid_from <> a.at or b.valid_to = b.valid_from
            else b.valid_from < b.valid_to end order by 1`},
	{"consent in force that nobody has signed", `
select c.id::text from sig.consent c
 where c.state in ('active', 'suspended')
   and not exists (select from sig.consent_signer s where s.consent = c.id and s.answer = 'signed') order by 1`},
	{"signature of another text", `
select s.consent::text from sig.consent_signer s join sig.consent c on c.id = s.consent
 where s.answer = 'signed' and s.channel <> 'carried_over' and s.text_hash is distinct from c.text_hash order by 1`},
	{"oral yes that its own recorder confirmed", `
select o.id::text from sig.consent_oral o
 where o.confirmer = o.recorder or o.state in ('confirmed', 'written', 'ended') and o.confirmer is null order by 1`},
	{"oral yes that holds though nobody has written it in time", `
select o.id::text from sig.consent_oral o
 where o.state = 'confirmed' and o.written_by < (select sig.now()) - interval '5 minutes' order by 1`},
	{"version whose end is not that of what was said aloud", `
select c.id::text from sig.consent c
 where c.oral_until is distinct from (select min(o.written_by) from sig.consent_oral o where o.consent = c.id and o.state = 'confirmed') order by 1`},
	{"signature said aloud that no second person confirmed", `
select s.consent::text from sig.consent_signer s
 where s.channel = 'oral' and s.answer = 'signed'
   and not exists (select from sig.consent_oral o
                    where o.consent = s.consent and o.signer = s.signer and o.text_hash = s.text_hash and o.confirmed_at is not null) order by 1`},
	{"file that belongs to nothing", `
select f.id::text from sig.file f where not exists (select from sig.consent_paper p where p.file = f.id and p.intervention = f.intervention) order by 1`},
	{"signature on paper without its scan", `
select s.consent::text from sig.consent_signer s join sig.consent c on c.id = s.consent and c.change <> 'imported'
 where s.channel = 'paper' and s.answer = 'signed'
   and not exists (select from sig.consent_paper p where p.consent = s.consent and p.signer = s.signer and p.text_hash = s.text_hash) order by 1`},
	{"grant of another intervention than its consent's", `
select g.id::text from sig.consent_grant g join sig.consent c on c.id = g.consent
 where g.intervention <> c.intervention order by 1`},
	{"withdrawal without its row in the ledger", `
select w.id::text from sig.withdrawal w
 where not exists (select from sig.ledger l where l.id = w.ledger_id and l.kind = 'withdraw_consent' and l.outcome = 'allowed') order by 1`},
	{"row that was withdrawn and is in force", `
select distinct g.id::text from sig.withdrawal w join sig.consent_grant g on g.id = any (w.removed_grants)
  join sig.consent c on c.id = g.consent and c.state in ('active', 'suspended')
 where w.effective order by 1`},
	{"intervention that a withdrawal has closed and that is open", `
select distinct i.id::text from sig.withdrawal w join sig.intervention i on i.id = w.intervention
 where w.effective and w.closes and i.state not in ('closing', 'closed', 'not_started') order by 1`},
	{"closing without the task to consider other measures", `
select i.id::text from sig.intervention i
 where i.state = 'closing'
   and not exists (select from sig.task t where t.intervention = i.id and t.kind = 'consider_other_measures' and t.done_at is null) order by 1`},

	{"disclosure that waits in an intervention that has ended", `
select d.id::text from sig.disclosure d join sig.intervention i on i.id = d.intervention
 where d.state = 'queued' and i.state in ('closing', 'closed', 'not_started') order by 1`},
	{"disclosure by consent without a row that covered it", `
select d.id::text from sig.disclosure d
 where d.basis = 'consent' and d.state = 'sent'
   and not exists (
     select from sig.consent_grant g join sig.consent c on c.id = g.consent
      where c.intervention = d.intervention and d.categories <@ g.categories
        and g.discloser_authority = d.authority and g.discloser_function = d.function
        and g.recipient_authority is not distinct from d.recipient_authority
        and g.recipient_function is not distinct from d.recipient_function
        and g.valid_from <= d.sent_at and d.sent_at < g.valid_to
        and c.activated_at <= d.sent_at and (c.ended_at is null or d.sent_at < c.ended_at or d.after_withdrawal))
   and not exists (
     select from sig.own_consent o
      where o.intervention = d.intervention and d.categories <@ o.categories
        and (o.discloser_authority, o.discloser_function, o.recipient_authority, o.recipient_function)
            = (d.authority, d.function, d.recipient_authority, d.recipient_function)
        and o.given_at <= d.sent_at and d.sent_at < least(o.valid_to, coalesce(o.recorded_at, o.ended_at))) order by 1`},
	{"disclosure without its row in the ledger", `
select d.id::text from sig.disclosure d
 where not exists (select from sig.ledger l where l.object_id = d.id and l.kind = 'disclose' and l.outcome = 'allowed') order by 1`},
	{"disclosure recorded after the withdrawal of everything", `
select distinct l.object_id::text from sig.withdrawal w
  join sig.ledger l on l.intervention = w.intervention and l.consent = w.consent and l.id > w.ledger_id
   and l.kind in ('disclose', 'approve_disclosure') and l.outcome = 'allowed'
 where w.effective and w.closes order by 1`},
	{"late disclosure that nobody was set to look into", `
select d.id::text from sig.disclosure d
 where d.after_withdrawal and not exists (select from sig.incident n where n.disclosure = d.id) order by 1`},

	{"copy without the disclosure that delivered it", `
select r.id::text from sig.received r
 where not exists (
     select from sig.disclosure d
      where d.id = r.id and d.state = 'sent' and d.intervention = r.intervention and d.content_hash = r.content_hash
        and (d.recipient_authority, d.recipient_unit, d.recipient_function) = (r.authority, r.unit, r.function)) order by 1`},
	{"disclosure whose copy is missing", `
select d.id::text from sig.disclosure d
 where d.state = 'sent' and d.recipient_unit is not null
   and not exists (select from sig.received r where r.id = d.id) order by 1`},
	{"readable copy that no row in force covers", `
select r.id::text from sig.received r cross join (select sig.now() as now) t
 where r.basis = 'consent' and r.cut_at is null and r.deleted_at is null
   and not exists (
     select from sig.consent c join sig.consent_grant g on g.consent = c.id
      where c.intervention = r.intervention and c.state in ('active', 'suspended')
        and g.discloser_authority = r.sender_authority and g.discloser_function = r.sender_function
        and sig.current_unit(g.discloser_unit, g.discloser_function, t.now) = sig.current_unit(r.sender_unit, r.sender_function, t.now)
        and g.recipient_authority = r.authority and g.recipient_function = r.function
        and sig.current_unit(g.recipient_unit, g.recipient_function, t.now) = sig.current_unit(r.unit, r.function, t.now)
        and r.categories <@ g.categories
        and t.now - interval '5 minutes' < least(g.valid_to,
              sig.seat_leaves(g.discloser_authority, g.discloser_unit, g.discloser_function),
              sig.seat_leaves(g.recipient_authority, g.recipient_unit, g.recipient_function))
        and not exists (
              select from sig.consent_exclusion x
               where x.consent = c.id and coalesce(x.category = any (r.categories), true)
                 and coalesce(x.recipient_authority, r.authority) = r.authority
                 and coalesce(x.recipient_unit, r.unit) = r.unit
                 and coalesce(x.recipient_function, r.function) = r.function))
   and not exists (
     select from sig.own_consent o join sig.consent c on c.intervention = o.intervention and c.state in ('active', 'suspended')
      where o.intervention = r.intervention and o.given_at is not null and o.ended_at is null
        and r.categories <@ o.categories and t.now - interval '5 minutes' < o.valid_to and o.categories <@ sig.alone_in(o.intervention)
        and (o.discloser_authority, o.discloser_function, o.recipient_authority, o.recipient_function)
            = (r.sender_authority, r.sender_function, r.authority, r.function)) order by 1`},
	{"own yes without its row in the ledger", `
select o.id::text from sig.own_consent o
 where o.given_at is not null
   and not exists (select from sig.ledger l where l.object_id = o.id and l.kind = 'give_own' and l.outcome = 'allowed' and l.youth is not null) order by 1`},
	{"cut copy that is kept after the registrar's time", `
select r.id::text from sig.received r
 where r.cut_at is not null and r.deleted_at is null
   and coalesce(r.registrar_until, r.cut_at) < (select sig.now()) - interval '5 minutes' order by 1`},
	{"read of a copy after it was cut", `
select distinct r.id::text from sig.ledger l join sig.received r on r.id = l.object_id
 where l.kind in ('read_copy', 'export_copy') and l.outcome = 'allowed'
   and (l.at < r.received_at or r.cut_at <= l.at and (l.function is distinct from 'registrar' or r.registrar_until <= l.at)) order by 1`},
	{"read of a copy that does not exist", `
select l.id::text from sig.ledger l
 where l.kind in ('read_copy', 'export_copy') and l.outcome = 'allowed' and l.object_id is not null
   and not exists (select from sig.received r where r.id = l.object_id) order by l.id`},
	{"copy marked as transferred without its row in the ledger", `
select r.id::text from sig.received r
 where r.transferred_at is not null
   and not exists (select from sig.ledger l where l.object_id = r.id and l.kind = 'transfer_copy' and l.outcome = 'allowed') order by 1`},

	{"mail that left for somebody whose part had ended", `
select m.id::text from sig.mail m
  left join sig.assignment a on a.id = m.assignment
  left join sig.guardianship g on g.id = m.guardian
 where m.sent_at is not null and m.method is distinct from 'cancel' and least(a.valid_to, g.valid_to) <= m.checked_at order by 1`},
	{"mail that left unchecked", `
select m.id::text from sig.mail m where m.sent_at is not null and m.checked_at is null order by 1`},
	{"alarm that nobody answers", `
select a.id::text from sig.alarm a
 where a.done_at is null and a.cleared_at is null and a.kind <> 'mail_due'
   and a.due_at < (select sig.now()) - interval '5 minutes' order by 1`},
	{"meeting that lies ahead in an intervention that has ended", `
select m.id::text from sig.meeting m join sig.intervention i on i.id = m.intervention
 where (m.state in ('proposed', 'planned') or m.state = 'live' and m.sharing_ended_at is null)
   and (select sig.now()) < m.ends_at and i.state in ('closing', 'closed', 'not_started') order by 1`},
	{"call to a meeting ahead that no row in force covers", `
select distinct v.id::text from sig.meeting m cross join (select sig.now() as now) t
  join sig.meeting_invitation v on v.meeting = m.id and v.ended_at is null and v.authority <> m.authority
  join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
  join sig.meeting_point p on p.id = r.point
 where m.state in ('proposed', 'planned', 'live') and t.now < m.ends_at
   and not exists (
     select from sig.consent c join (` + rowsAndOwnSQL + `) g on g.consent = c.id
      where c.intervention = m.intervention and c.state in ('active', 'suspended') and p.category = any (g.categories)
        and t.now - interval '5 minutes' < g.valid_to and m.starts_at < g.valid_to
        and case when (v.authority, v.function) = (p.teller_authority, p.teller_function)
                 then (g.discloser_authority, g.discloser_function, g.recipient_authority, g.recipient_function)
                      = (v.authority, v.function, m.authority, m.function)
                 when v.authority = p.teller_authority
                 then (g.discloser_authority, g.discloser_function, g.recipient_authority, g.recipient_function)
                      = (m.authority, m.function, v.authority, v.function)
                 else (g.discloser_authority, g.discloser_function, g.recipient_authority, g.recipient_function)
                      = (p.teller_authority, p.teller_function, v.authority, v.function) end) order by 1`},
	{"somebody called to a point for the family alone", `
select v.id::text from sig.meeting_presence r join sig.meeting_point p on p.id = r.point and p.family_alone
  join sig.meeting m on m.id = p.meeting
  join sig.meeting_invitation v on v.id = r.invitation and (v.authority, v.function) <> (m.authority, m.function) order by 1`},
	{"what the family said alone told to a function", `
select d.id::text from sig.disclosure d
  join (select t.item, t.point, t.told_at as at from sig.meeting_told t union all select s.item, s.point, s.sent_at from sig.minutes_sent s) said
    on said.item = d.item and said.at = d.sent_at
  join sig.meeting_point p on p.id = said.point and p.family_alone order by 1`},
	{"meeting without its row in the ledger", `
select m.id::text from sig.meeting m
 where not exists (select from sig.ledger l where l.object_id = m.id and l.kind = 'schedule_meeting' and l.outcome = 'allowed') order by 1`},
	{"call to a meeting without its row in the ledger", `
select v.id::text from sig.meeting_invitation v
 where not exists (select from sig.ledger l where l.object_id = v.meeting and l.kind = 'invite_function' and l.outcome = 'allowed'
                    and (l.recipient_authority, l.recipient_unit, l.recipient_function) = (v.authority, v.unit, v.function)) order by 1`},
	{"read of a meeting after the call had ended", `
select distinct v.id::text from sig.ledger l join sig.meeting_invitation v on v.meeting = l.object_id
   and (v.authority, v.unit, v.function) = (l.authority, l.unit, l.function)
  join sig.meeting m on m.id = v.meeting and m.authority <> v.authority
 where l.kind = 'read_meeting' and l.outcome = 'allowed' and v.ended_at <= l.at order by 1`},
	{"somebody in a room whose call has ended", `
select a.id::text from sig.meeting_attendance a join sig.meeting_invitation v on v.id = a.invitation
 where a.left_at is null and v.ended_at is not null order by 1`},
	{"guest in a room whose call has ended", `
select s.id::text from sig.meeting_guest_stay s join sig.meeting_guest q on q.id = s.guest
 where s.left_at is null and q.ended_at is not null order by 1`},
	{"told in a room to a function that was not there", `
select d.id::text from sig.meeting_told t join sig.meeting m on m.id = t.meeting
  join sig.disclosure d on d.item = t.item and d.sent_at = t.told_at
 where (d.recipient_authority, d.recipient_function) <> (m.authority, m.function)
   and not exists (
     select from sig.meeting_invitation v join sig.meeting_attendance a on a.invitation = v.id
      where v.meeting = t.meeting and (v.authority, v.function) = (d.recipient_authority, d.recipient_function)
        and a.came_at <= t.told_at and t.told_at <= coalesce(a.left_at, t.told_at)) order by 1`},
	{"told in a room after sharing had ended there", `
select t.item::text from sig.meeting_told t join sig.meeting m on m.id = t.meeting
 where t.told_at < m.opened_at or m.ended_at < t.told_at
    or m.sharing_ended_at <= t.told_at and not exists (
      select from sig.withdrawal w -- it was received before and written down after: what was told is late, and flagged
       where w.intervention = m.intervention and w.effective and w.received_at <= t.told_at and t.told_at <= w.recorded_at) order by 1`},
	{"told in a room without its row in the ledger", `
select t.item::text from sig.meeting_told t
 where not exists (select from sig.ledger l where l.object_id = t.meeting and l.kind = 'tell_in_room' and l.outcome = 'allowed'
                    and l.detail->>'item' = t.item::text) order by 1`},
	{"answer that was taken back", `
select distinct a.voice::text from sig.voice_answer a join sig.voice v on v.id = a.voice where v.taken_back_at is not null order by 1`},
	{"voice for somebody who was not called to its meeting", `
select distinct r.voice::text from sig.voice_reader r join sig.voice v on v.id = r.voice
  join sig.meeting_invitation i on i.id = r.invitation
 where i.meeting <> v.meeting or i.invited_at > v.written_at order by 1`},
	{"voice without its row in the ledger", `
select v.id::text from sig.voice v
 where not exists (select from sig.ledger l where l.object_id = v.meeting and l.kind = 'leave_voice' and l.outcome = 'allowed'
                    and l.detail->>'voice' = v.id::text) order by 1`},
	{"read of a voice by a function that it was not for", `
select distinct l.id::text from sig.ledger l
 where l.kind = 'read_voice' and l.outcome = 'allowed'
   and not exists (
     select from sig.voice v join sig.voice_reader r on r.voice = v.id join sig.meeting_invitation i on i.id = r.invitation
      where v.meeting = l.object_id and (i.authority, i.function) = (l.authority, l.function)) order by 1`},
	{"minutes sent that were not approved", `
select s.item::text from sig.minutes_sent s join sig.minutes m on m.meeting = s.meeting
 where s.version > coalesce(m.approved_version, 0) order by 1`},
	{"minutes sent without a row in the ledger", `
select s.item::text from sig.minutes_sent s
 where not exists (select from sig.ledger l where l.object_id = s.meeting and l.kind = 'send_minutes' and l.outcome = 'allowed' and l.at = s.sent_at) order by 1`},
	{"open commitment in an intervention that has ended", `
select c.id::text from sig.commitment c join sig.intervention i on i.id = c.intervention
 where c.state = 'open' and i.state in ('closing', 'closed', 'not_started') order by 1`},
	{"open commitment of a function that no row in force covers", `
select c.id::text from sig.commitment c cross join (select sig.now() as now) t
  join sig.plan p on p.id = c.plan and p.authority <> c.authority
 where c.state = 'open'
   and not exists (
     select from sig.consent k join (` + rowsAndOwnSQL + `) g on g.consent = k.id
      where k.intervention = c.intervention and k.state in ('active', 'suspended') and 'plan_goals' = any (g.categories)
        and t.now - interval '5 minutes' < g.valid_to
        and (g.discloser_authority, g.discloser_function, g.recipient_authority, g.recipient_function)
            = (p.authority, p.function, c.authority, c.function)) order by 1`},
	{"version of a plan without its row in the ledger", `
select p.id::text from sig.plan p
 where p.version > (select count(*) from sig.ledger l where l.object_id = p.id and l.kind = 'write_plan' and l.outcome = 'allowed') order by 1`},
	{"commitment that ended without its row in the ledger", `
select c.id::text from sig.commitment c
 where c.state <> 'open' and not exists (
       select from sig.ledger l where l.object_id = c.id and l.outcome = 'allowed'
          and l.kind = case c.state when 'done' then 'report_commitment' else 'stop_commitment' end) order by 1`},
	{"open question that no row in force carries both ways", `
select q.id::text from sig.directed_question q cross join (select sig.now() as now) t
  join sig.intervention i on i.id = q.intervention
 where q.answered_at is null and q.ended_at is null and q.ends_at > t.now
   and (i.state <> 'active' or exists (
     select from (values (q.asker_authority, q.asker_function, q.asked_authority, q.asked_function),
                         (q.asked_authority, q.asked_function, q.asker_authority, q.asker_function)) way (a, f, b, g)
      where not exists (
        select from sig.consent k join (` + rowsAndOwnSQL + `) r on r.consent = k.id
         where k.intervention = q.intervention and k.state in ('active', 'suspended') and q.category = any (r.categories)
           and t.now - interval '5 minutes' < r.valid_to
           and (r.discloser_authority, r.discloser_function, r.recipient_authority, r.recipient_function) = (way.a, way.f, way.b, way.g)))) order by 1`},
	{"question or answer that was not told as any disclosure", `
select q.id::text from sig.directed_question q
 where not exists (
     select from sig.disclosure d
      where d.id = q.disclosure and d.item = q.item and d.state = 'sent' and d.basis = 'consent' and d.categories = array[q.category]
        and (d.authority, d.function, d.recipient_authority, d.recipient_function) = (q.asker_authority, q.asker_function, q.asked_authority, q.asked_function))
    or q.answered_at is not null and not exists (
     select from sig.disclosure d
      where d.id = q.answer and d.item = q.answer_item and d.state = 'sent' and d.basis = 'consent' and d.categories = array[q.category] and d.sent_at < q.ends_at
        and (d.authority, d.function, d.recipient_authority, d.recipient_function) = (q.asked_authority, q.asked_function, q.asker_authority, q.asker_function)) order by 1`},
	{"question without its row in the ledger", `
select q.id::text from sig.directed_question q
 where not exists (select from sig.ledger l where l.object_id = q.id and l.kind = 'ask_question' and l.outcome = 'allowed')
    or q.answered_at is not null and not exists (select from sig.ledger l where l.object_id = q.id and l.kind = 'answer_question' and l.outcome = 'allowed')
    or q.ended_at is not null and not exists (select from sig.ledger l where l.object_id = q.id and l.kind = 'end_question' and l.outcome = 'allowed') order by 1`},
	{"draft of somebody who has no part, or of another authority where nothing is shared", `
select d.id::text from sig.draft d join sig.intervention i on i.id = d.intervention join sig.assignment a on a.id = d.assignment
 where i.state in ('closed', 'not_started') or i.state in ('sharing_stopped', 'closing') and a.authority <> i.authority
    or not exists (select from sig.participation p where p.assignment = d.assignment and p.intervention = d.intervention) order by 1`},
	{"part of somebody whose office handles no cases", `
select p.id::text from sig.participation p join sig.assignment a on a.id = p.assignment
 where p.valid_to > (select sig.now()) and a.function in ('registrar', 'log_reviewer', 'administrator', 'family_counselling') order by 1`},
	{"disclosure that its own sender approved", `
select d.id::text from sig.disclosure d where sig.same_officer(d.assignment, d.approved_by) order by 1`},
	{"stand-in from another unit and function than the seat's", `
select p.id::text from sig.participation p join sig.participation seat on seat.id = p.stand_in_for join sig.assignment a on a.id = p.assignment
 where p.valid_to > (select sig.now()) and a.function <> seat.function
   and sig.current_unit(a.unit, a.function, (select sig.now()), a.valid_from) <> sig.current_unit(seat.unit, seat.function, (select sig.now()), seat.valid_from) order by 1`},
	{"name shown to families that no registrar of its authority decided", `
select d.id::text from sig.seat_name d join sig.assignment a on a.id = d.decided_by
 where a.function <> 'registrar' or a.authority <> d.authority
    or not exists (select from sig.ledger l where l.object_id = d.id and l.kind = 'name_seat' and l.outcome = 'allowed') order by 1`},
	{"change of a seat without its row in the ledger, or of a seat of no consent", `
select s.id::text from sig.seat_change s
 where not exists (select from sig.ledger l where l.object_id = s.id and l.kind = 'seat_changed' and l.outcome = 'allowed')
    or not exists (select from sig.consent_grant g where g.consent = s.consent and g.intervention = s.intervention
                    and g.recipient_authority = s.authority and g.recipient_function = s.function) order by 1`},
	{"table of content that no wall stands in front of", `
select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'sig' and c.relname in ('youth', 'guardianship', 'intervention', 'participation', 'task', 'journal_note', 'part_request',
       'consent', 'consent_grant', 'consent_exclusion', 'consent_signer', 'maturity_assessment', 'withdrawal', 'item', 'item_concern',
       'item_visibility', 'disclosure', 'received', 'incident', 'ledger', 'seal_key', 'meeting', 'meeting_point', 'meeting_point_text',
       'meeting_invitation', 'meeting_presence', 'meeting_attendance', 'meeting_guest_stay', 'meeting_draft', 'meeting_told', 'minutes', 'minutes_text', 'minutes_sent', 'plan', 'plan_text', 'commitment', 'commitment_note', 'plan_visibility',
       'voice', 'voice_answer', 'voice_reader', 'directed_question', 'draft', 'own_consent', 'seat_name', 'seat_held', 'seat_change')
   and not (c.relrowsecurity and c.relforcerowsecurity) order by 1`},
}
