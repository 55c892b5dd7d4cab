-- expand: a table that the previous release does not know.
create table identity.break_glass_code (
  -- Keyed by the secret file: a copy of the table alone opens nothing.
  digest bytea primary key,
  user_id text not null references identity.user (id) on delete cascade,
  printed_at timestamptz not null,
  printed_by text not null,
  used_at timestamptz
);
create index break_glass_code_by_user on identity.break_glass_code (user_id);
