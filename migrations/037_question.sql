-- The directed question (riktad fråga): one function asks one other, in one
-- category, with an end. Question and answer are items and disclosures as any
-- other; the row here says only that they belong together. It gives nobody
-- access to anything: what may be read is what was disclosed.
create table sig.directed_question (
  id uuid constraint directed_question_pk primary key,
  intervention uuid not null constraint directed_question_intervention_exists references sig.intervention (id),
  category text not null,
  asker_authority text not null,
  asker_unit text not null constraint directed_question_asker_unit_exists references sig.unit (id),
  asker_function text not null,
  asked_authority text not null,
  asked_unit text not null constraint directed_question_asked_unit_exists references sig.unit (id),
  asked_function text not null,
  asked_by uuid not null constraint directed_question_asker_exists references sig.assignment (id),
  asked_at timestamptz not null,
  ends_at timestamptz not null,
  item uuid not null constraint directed_question_item_exists references sig.item (id),
  disclosure uuid not null constraint directed_question_disclosure_exists references sig.disclosure (id)
    constraint directed_question_once_per_disclosure unique,
  answered_at timestamptz,
  answered_by uuid constraint directed_question_answerer_exists references sig.assignment (id),
  answer_item uuid constraint directed_question_answer_item_exists references sig.item (id),
  answer uuid constraint directed_question_answer_exists references sig.disclosure (id),
  ended_at timestamptz,
  ended_by text constraint directed_question_end_is_known check (ended_by in
    ('declined', 'taken_back', 'withdrawal', 'narrowing', 'sharing_stopped', 'closed')),
  constraint directed_question_runs_forward check (asked_at < ends_at),
  constraint directed_question_is_of_two check ((asker_authority, asker_unit, asker_function) <> (asked_authority, asked_unit, asked_function)),
  constraint directed_question_answer_is_whole check (num_nonnulls(answered_at, answered_by, answer_item, answer) in (0, 4)),
  constraint directed_question_is_answered_in_time check (answered_at < ends_at),
  constraint directed_question_end_is_dated check ((ended_at is null) = (ended_by is null)),
  constraint directed_question_ends_once check (num_nonnulls(answered_at, ended_at) < 2)
);
create index directed_question_by_asker on sig.directed_question (intervention, asker_authority, asker_function);
create index directed_question_by_asked on sig.directed_question (intervention, asked_authority, asked_function);
comment on table sig.directed_question is 'DirectedQuestion: who asks whom in which category until when, with the disclosures that carry question and answer.';
comment on column sig.directed_question.item is 'The question''s text: an item of the asking authority.';
comment on column sig.directed_question.disclosure is 'Its disclosure to the asked function; while that copy cannot be read, the asked function has no question.';
comment on column sig.directed_question.ends_at is 'From this instant on nobody can answer it; nothing needs to be set in motion for that.';
comment on column sig.directed_question.answer is 'The disclosure of the answer to the asking function.';

create function sig.check_question() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if num_nonnulls(old.answered_at, old.ended_at) > 0
     or (new.id, new.intervention, new.category, new.asker_authority, new.asker_unit, new.asker_function, new.asked_authority, new.asked_unit,
         new.asked_function, new.asked_by, new.asked_at, new.ends_at, new.item, new.disclosure)
        is distinct from
        (old.id, old.intervention, old.category, old.asker_authority, old.asker_unit, old.asker_function, old.asked_authority, old.asked_unit,
         old.asked_function, old.asked_by, old.asked_at, old.ends_at, old.item, old.disclosure) then
    raise exception 'a question stays as it was asked, and ends once'
      using errcode = 'check_violation', constraint = 'directed_question_stays';
  end if;
  return new;
end $$;
comment on function sig.check_question() is 'Trigger: a question stays as it was asked, and is answered or ends once.';
create trigger directed_question_stays before update on sig.directed_question for each row execute function sig.check_question();

-- What the second wall asks.
create function sig.may_ask(
    intervention uuid, asker_authority text, asker_unit text, asker_function text,
    asked_authority text, asked_unit text, asked_function text, category text, ends_at timestamptz) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
declare
  now timestamptz := sig.instant();
  at timestamptz;
  districts text[] := sig.unit_districts(sig.current_unit(asker_unit, asker_function, now));
begin
  -- Inside one house people ask each other; nothing is told across a border there.
  if now >= ends_at or sig.one_house(sig.current_unit(asker_unit, asker_function, now), sig.current_unit(asked_unit, asked_function, now))
     or not sig.may_send(intervention, asker_authority, asker_unit, asker_function, asked_authority, asked_unit, asked_function, array[category]) then
    return false;
  end if;
  foreach at in array array[now, ends_at - interval '1 microsecond'] loop
    if not sig.seat_tells(intervention, asked_authority, asked_unit, asked_function, asker_authority, asker_unit, asker_function, districts, category, at) then
      return false;
    end if;
  end loop;
  return true;
end $$;
comment on function sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz) is 'May this seat tell that one the question, and that one tell this the answer, now and until the question''s end?';

create function sig.my_asking(intervention uuid, authority text, unit text, function text) returns boolean
  language plpgsql stable security definer set search_path = ''
  as $$
#variable_conflict use_variable
begin
  return exists (
    select from unnest(sig.my_seats()) s
     where s.intervention = intervention and s.authority = authority and s.function = function and unit = any (s.units) and s.state <> 'closed');
end $$;
comment on function sig.my_asking(uuid, text, text, text) is 'Does the actor fill this seat, in a case that is not closed?';

revoke all on function sig.check_question(), sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz), sig.my_asking(uuid, text, text, text) from public;
grant execute on function sig.may_ask(uuid, text, text, text, text, text, text, text, timestamptz), sig.my_asking(uuid, text, text, text) to sig_app;

alter table sig.directed_question enable row level security;
alter table sig.directed_question force row level security;
create policy owner_all on sig.directed_question to sig_owner using (true) with check (true);
-- Cuts reach across functions; there is no text here.
create policy worker_all on sig.directed_question to sig_worker using (sig.actor_kind() = 'system') with check (sig.actor_kind() = 'system');
create policy system_all on sig.directed_question to sig_app using ((select sig.actor_kind()) = 'system') with check ((select sig.actor_kind()) = 'system');

create policy question_asker on sig.directed_question for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[]) and sig.my_asking(intervention, asker_authority, asker_unit, asker_function));
create policy question_asked on sig.directed_question for select to sig_app using (
  intervention = any ((select sig.my_cases())::uuid[]) and sig.my_asking(intervention, asked_authority, asked_unit, asked_function)
  and exists (select from sig.received r where r.id = directed_question.disclosure and r.intervention = directed_question.intervention));
create policy question_putter on sig.directed_question for insert to sig_app with check (
  asked_by = (select sig.setting_uuid('app.assignment')) and num_nonnulls(answered_at, ended_at) = 0
  and sig.my_asking(intervention, asker_authority, asker_unit, asker_function)
  and sig.may_ask(intervention, asker_authority, asker_unit, asker_function, asked_authority, asked_unit, asked_function, category, ends_at)
  and exists (select from sig.disclosure d where d.id = directed_question.disclosure and d.intervention = directed_question.intervention
               and d.item = directed_question.item and d.state = 'sent' and d.basis = 'consent' and d.categories = array[directed_question.category]
               and d.assignment = directed_question.asked_by and d.authority = asker_authority and d.unit = asker_unit and d.function = asker_function
               and d.recipient_authority = asked_authority and d.recipient_unit = asked_unit and d.recipient_function = asked_function));
create policy question_answerer on sig.directed_question for update to sig_app
  using (num_nonnulls(answered_at, ended_at) = 0 and (select sig.instant()) < ends_at
    and sig.my_asking(intervention, asked_authority, asked_unit, asked_function)
    and exists (select from sig.received r where r.id = directed_question.disclosure and r.intervention = directed_question.intervention))
  with check (sig.my_asking(intervention, asked_authority, asked_unit, asked_function)
    and (ended_by = 'declined' or answered_by = (select sig.setting_uuid('app.assignment'))
      and exists (select from sig.disclosure d where d.id = directed_question.answer and d.intervention = directed_question.intervention
                   and d.item = directed_question.answer_item and d.state = 'sent' and d.basis = 'consent'
                   and d.categories = array[directed_question.category] and d.assignment = directed_question.answered_by
                   and d.authority = asked_authority and d.function = asked_function
                   and d.recipient_authority = asker_authority and d.recipient_function = asker_function)));
create policy question_taker on sig.directed_question for update to sig_app
  using (num_nonnulls(answered_at, ended_at) = 0 and sig.my_asking(intervention, asker_authority, asker_unit, asker_function))
  with check (ended_by = 'taken_back' and sig.my_asking(intervention, asker_authority, asker_unit, asker_function));

-- Whatever is known already stays known.
do $$
declare k record; known text;
begin
  for k in select * from (values ('task', 'task_kind_is_known', 'answer_question'), ('alarm', 'alarm_kind_is_known', 'question_ends')) k (tab, con, kind) loop
    select pg_get_constraintdef(c.oid) into strict known from pg_constraint c where c.conname = k.con and c.conrelid = ('sig.' || k.tab)::regclass;
    execute format('alter table sig.%I drop constraint %I', k.tab, k.con);
    execute format('alter table sig.%I add constraint %I %s', k.tab, k.con, regexp_replace(known, '\)\s*$', format(' or kind = %L)', k.kind)));
  end loop;
end $$;

grant select, insert on sig.directed_question to sig_app;
grant update (answered_at, answered_by, answer_item, answer, ended_at, ended_by) on sig.directed_question to sig_app;
grant select on sig.directed_question to sig_worker;
grant update (ended_at, ended_by) on sig.directed_question to sig_worker;
