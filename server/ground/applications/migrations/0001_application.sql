-- expand: adds the applications schema; nothing of the previous release knows it.
create table applications.application (
  id text primary key,
  name text not null,
  origins text[] not null,
  key_digest bytea,
  forward_key_sealed text,
  created_at timestamptz not null
);
create unique index application_by_key on applications.application (key_digest);
