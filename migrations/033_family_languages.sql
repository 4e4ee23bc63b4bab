-- The family has more languages than staff, and easy Swedish is a variant of
-- one: which tags there are is the program's to say.
alter table sig.session drop constraint session_language_is_a_code;
alter table sig.session add constraint session_language_is_a_code check (language ~ '^[a-z]{2,3}(-[A-Z]{2}|-[a-z]{5,8})?$');
alter table sig.mail drop constraint mail_language_is_known;
alter table sig.mail add constraint mail_language_is_a_code check (language ~ '^[a-z]{2,3}(-[A-Z]{2}|-[a-z]{5,8})?$');
