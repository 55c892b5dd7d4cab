-- expand: adds the tokens schema; nothing of the previous release knows it.
create table tokens.token (
  id text primary key,
  name text not null,
  -- SHA-256; the token itself is nowhere at rest.
  digest bytea not null,
  -- The last characters, by which people tell one from another.
  hint text not null,
  scopes text[] not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text
);
create unique index token_by_digest on tokens.token (digest);
