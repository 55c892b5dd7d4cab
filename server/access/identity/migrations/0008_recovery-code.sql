-- expand: a table that only this release knows.
create table identity.recovery_code (
  -- Keyed by the secret file: a copy of the table alone opens nothing.
  digest bytea primary key,
  user_id text not null references identity.user (id) on delete cascade,
  made_at timestamptz not null,
  used_at timestamptz
);
create index recovery_code_by_user on identity.recovery_code (user_id);
