-- The young person's own words before a meeting: a few answers, sealed, to
-- those at the table whom the young person has chosen. They are told by nobody
-- else and to nobody else: not to the board unless it was chosen, and not to a
-- guardian. What is taken back is gone.
create table sig.voice (
  id uuid constraint voice_pk primary key,
  meeting uuid not null constraint voice_meeting_exists references sig.meeting (id),
  intervention uuid not null,
  authority text not null,
  spoken_by text not null constraint voice_speaker_is_known check (spoken_by in ('youth', 'coordinator')),
  written_by uuid constraint voice_writer_exists references sig.assignment (id),
  written_at timestamptz not null,
  taken_back_at timestamptz,
  constraint voice_of_a_youth_is_written_by_none_else check ((spoken_by = 'coordinator') = (written_by is not null))
);
create unique index voice_once_per_meeting on sig.voice (meeting) where taken_back_at is null;
comment on table sig.voice is 'What a young person wants said before a meeting; spoken_by coordinator: written down in the young person''s words by somebody else. One at a time; another takes the place of the first.';

create table sig.voice_answer (
  voice uuid not null constraint voice_answer_voice_exists references sig.voice (id),
  question integer not null constraint voice_answer_question_is_known check (question between 1 and 5),
  intervention uuid not null,
  authority text not null,
  body_sealed bytea not null,
  constraint voice_answer_pk primary key (voice, question)
);
comment on table sig.voice_answer is 'One answer, sealed under the board''s key; deleted when the voice is taken back.';

create table sig.voice_reader (
  voice uuid not null constraint voice_reader_voice_exists references sig.voice (id),
  invitation uuid not null constraint voice_reader_invitation_exists references sig.meeting_invitation (id),
  intervention uuid not null,
  constraint voice_reader_pk primary key (voice, invitation)
);
create index voice_reader_by_invitation on sig.voice_reader (invitation);
comment on table sig.voice_reader is 'A called function that the young person lets read it. A row alone shows nothing: the call and the consent are asked at every read.';

create function sig.forget_voice() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from sig.voice_answer where voice = new.id;
  return null;
end $$;
comment on function sig.forget_voice() is 'Trigger: what is taken back is deleted with the act.';
create trigger voice_taken_back_is_gone after update of taken_back_at on sig.voice
  for each row when (new.taken_back_at is not null) execute function sig.forget_voice();
create trigger voice_stays_taken_back before update on sig.voice
  for each row when (old.taken_back_at is not null) execute function sig.forbid_change();

-- What the second wall asks.
create function sig.may_hear(invitation uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting_invitation v
      join sig.meeting m on m.id = v.meeting and m.state in ('planned', 'live')
      join sig.meeting_presence r on r.invitation = v.id and r.ended_at is null
     where v.id = invitation and v.ended_at is null
       and sig.may_attend(r.point, v.authority, v.unit, v.function, sig.unit_districts(sig.current_unit(v.unit, v.function, sig.instant()))));
end $$;
comment on function sig.may_hear(uuid) is 'Is a called function at the table at all: called to some point that it may be there for?';

create function sig.my_voices() returns uuid[]
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_column
begin
  return (
    select coalesce(array_agg(distinct v.id), '{}')
      from unnest(sig.my_seats()) s
      join sig.meeting_invitation i on i.intervention = s.intervention and i.authority = s.authority and i.function = s.function
       and i.unit = any (s.units) and i.ended_at is null
      join sig.voice_reader r on r.invitation = i.id
      join sig.voice v on v.id = r.voice and v.taken_back_at is null
      join sig.meeting m on m.id = i.meeting and m.state <> 'cancelled'
     where s.state = 'active'
       and exists (select from sig.consent c where c.intervention = s.intervention and c.state = 'active')
       and (s.board = s.authority or i.id = any (sig.my_invitations())));
end $$;
comment on function sig.my_voices() is 'Voices that were meant for a seat that the actor fills, while it is called and the consent holds.';

create function sig.may_speak_before(meeting uuid) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from sig.meeting m join sig.intervention i on i.id = m.intervention and i.state = 'active'
     where m.id = meeting and m.state = 'planned' and sig.instant() < m.starts_at
       and (sig.actor_kind() = 'youth' and m.id = any (sig.my_family_meetings())
            or m.intervention = any (sig.my_coordinated_cases())));
end $$;
comment on function sig.may_speak_before(uuid) is 'May the actor leave a voice for this meeting or take one back: the young person, or the coordinator in their words, until it begins?';

revoke all on function sig.forget_voice(), sig.may_hear(uuid), sig.my_voices(), sig.may_speak_before(uuid) from public;
grant execute on function sig.may_hear(uuid), sig.my_voices(), sig.may_speak_before(uuid) to sig_app;

do $$
declare t text;
begin
  foreach t in array array['voice', 'voice_answer', 'voice_reader'] loop
    execute format('alter table sig.%I enable row level security', t);
    execute format('alter table sig.%I force row level security', t);
    execute format('create policy owner_all on sig.%I to sig_owner using (true) with check (true)', t);
  end loop;
end $$;

-- That there is one is known to whoever may write it, and to whom it is for; its
-- answers to the latter alone. The young person's screen does not show them
-- again: whoever holds the eID at home would see them too.
create policy voice_of_youth on sig.voice for select to sig_app using (
  sig.actor_kind() = 'youth' and intervention = any ((select sig.my_cases())::uuid[]));
create policy voice_of_coordinator on sig.voice for select to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]));
create policy voice_for_reader on sig.voice for select to sig_app using (id = any ((select sig.my_voices())::uuid[]));
create policy voice_speaker on sig.voice for insert to sig_app with check (
  sig.may_speak_before(meeting) and taken_back_at is null
  and (spoken_by = 'youth') = (sig.actor_kind() = 'youth') and written_by is not distinct from (select sig.setting_uuid('app.assignment'))
  and exists (select from sig.meeting m where m.id = voice.meeting and m.intervention = voice.intervention and m.authority = voice.authority));
create policy voice_taker on sig.voice for update to sig_app
  using (sig.may_speak_before(meeting) and (sig.actor_kind() = 'youth' or spoken_by = 'coordinator'))
  with check (taken_back_at is not null);

create policy answer_for_reader on sig.voice_answer for select to sig_app using (voice = any ((select sig.my_voices())::uuid[]));
create policy answer_speaker on sig.voice_answer for insert to sig_app with check (
  exists (select from sig.voice v where v.id = voice_answer.voice and v.intervention = voice_answer.intervention and v.authority = voice_answer.authority
             and v.taken_back_at is null and v.written_by is not distinct from (select sig.setting_uuid('app.assignment'))
             and sig.may_speak_before(v.meeting)));

create policy reader_of_youth on sig.voice_reader for select to sig_app using (
  sig.actor_kind() = 'youth' and intervention = any ((select sig.my_cases())::uuid[]));
create policy reader_of_coordinator on sig.voice_reader for select to sig_app using (intervention = any ((select sig.my_coordinated_cases())::uuid[]));
create policy reader_of_reader on sig.voice_reader for select to sig_app using (voice = any ((select sig.my_voices())::uuid[]));
create policy reader_speaker on sig.voice_reader for insert to sig_app with check (
  sig.may_hear(invitation)
  and exists (select from sig.voice v join sig.meeting_invitation i on i.meeting = v.meeting
               where v.id = voice_reader.voice and i.id = voice_reader.invitation and v.intervention = voice_reader.intervention
                 and v.taken_back_at is null and v.written_by is not distinct from (select sig.setting_uuid('app.assignment'))
                 and sig.may_speak_before(v.meeting)));

grant select, insert on sig.voice, sig.voice_answer, sig.voice_reader to sig_app;
grant update (taken_back_at) on sig.voice to sig_app;
