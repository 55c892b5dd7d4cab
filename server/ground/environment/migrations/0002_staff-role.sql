-- expand: a column with a default; to the previous release everybody here is an administrator, so it must not be run beside a support person.
alter table environment.administrator add column role text not null default 'administrator'
  check (role in ('administrator', 'support'));
