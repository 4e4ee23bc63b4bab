-- The purpose of a row is one of a list that has words in every language, with
-- what the coordinator adds in Swedish. What was written before is an addition to
-- "other", letter for letter, so that no text that somebody signed changes: the
-- column keeps its content and takes another name.
alter table sig.consent_grant rename column purpose to addition;
alter table sig.consent_grant drop constraint consent_grant_has_purpose;
alter table sig.consent_grant add column purpose text not null default 'other';
alter table sig.consent_grant alter column purpose drop default, alter column addition set default '';
alter table sig.own_consent rename column purpose to addition;
alter table sig.own_consent drop constraint own_consent_has_purpose;
alter table sig.own_consent add column purpose text not null default 'other';
alter table sig.own_consent alter column purpose drop default, alter column addition set default '';

do $$
declare
  t text;
begin
  foreach t in array array['consent_grant', 'own_consent'] loop
    execute format('alter table sig.%I add constraint %I check (purpose in (''coordinate_support'', ''follow_plan'', ''school_attendance'', ''work'', ''leisure'', ''health'', ''safety'', ''prevent_crime'', ''leave_crime'', ''support_parents'', ''other''))', t, t || '_purpose_is_known');
    execute format('alter table sig.%I add constraint %I check (purpose <> ''other'' or addition <> '''')', t, t || '_other_is_written');
    execute format('comment on column sig.%I.purpose is ''Why, of a list that the portal has words for in every language.''', t);
    execute format('comment on column sig.%I.addition is ''What the coordinator adds to the purpose, in Swedish. With "other" it is the purpose.''', t);
  end loop;
end $$;

-- A copy keeps why it was told; one that went by need inside an authority has none.
alter table sig.received rename column purpose to addition;
alter table sig.received add column purpose text not null default '';
update sig.received set purpose = 'other' where addition <> '';
alter table sig.received add constraint received_purpose_is_known check (purpose in ('', 'coordinate_support', 'follow_plan', 'school_attendance', 'work', 'leisure', 'health', 'safety', 'prevent_crime', 'leave_crime', 'support_parents', 'other'));
alter table sig.received alter column purpose drop default, alter column addition set default '';
