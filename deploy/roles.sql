-- Run once per cluster by its superuser, before `sigportal migrate`.
-- Set the passwords afterwards: alter role sig_app password '…';
do $$
begin
  if not exists (select from pg_roles where rolname = 'sig_owner') then
    create role sig_owner login nosuperuser nobypassrls nocreaterole;
  end if;
  if not exists (select from pg_roles where rolname = 'sig_app') then
    create role sig_app login nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'sig_worker') then
    create role sig_worker login nosuperuser nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'sig_reviewer') then
    create role sig_reviewer login nosuperuser nobypassrls;
  end if;
end $$;
