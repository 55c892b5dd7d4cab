-- expand: adds the environment schema; nothing of the previous release knows it.
create table environment.stamp (
  only_row boolean primary key default true check (only_row),
  environment text not null,
  installation_id text not null,
  stamped_at timestamptz not null
);
create table environment.administrator (
  user_id text primary key,
  granted_at timestamptz not null,
  granted_by text not null
);
create table environment.enrolment (
  token_digest bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);
