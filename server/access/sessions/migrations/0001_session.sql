-- expand: adds the sessions schema; nothing of the previous release knows it.
create table sessions.session (
  id text primary key,
  user_id text not null,
  organization_id text,
  audience text not null,
  person jsonb not null,
  device jsonb not null,
  amr text[] not null,
  acr text not null,
  created_at timestamptz not null,
  authenticated_at timestamptz not null,
  last_seen_at timestamptz not null,
  expires_at timestamptz not null,
  idle_ms bigint not null,
  ended_at timestamptz,
  end_reason text,
  ended_by text,
  check ((ended_at is null) = (end_reason is null))
);
create index session_by_user on sessions.session (user_id, id desc);
create index session_live_by_last_seen on sessions.session (last_seen_at) where ended_at is null;
create index session_live_by_expiry on sessions.session (expires_at) where ended_at is null;
create index session_ended on sessions.session (ended_at) where ended_at is not null;

-- A session has more than one handle only between an authentication and the first sight of its new handle.
create table sessions.handle (
  digest bytea primary key,
  session_id text not null references sessions.session (id) on delete cascade,
  issued_at timestamptz not null,
  seen_at timestamptz
);
create index handle_by_session on sessions.handle (session_id);

-- The head row is locked by every revocation: numbers are given in the order of commits, without a gap.
create table sessions.revocation_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null
);
insert into sessions.revocation_head (seq) values (0);
create table sessions.revocation (
  seq bigint primary key,
  session_id text not null,
  reason text not null,
  at timestamptz not null,
  forget_at timestamptz not null
);
create index revocation_by_forget on sessions.revocation (forget_at);

create table sessions.signing_key (
  kid text primary key,
  public_jwk jsonb not null,
  private_sealed text not null,
  created_at timestamptz not null,
  sign_from timestamptz not null,
  sign_until timestamptz not null,
  verify_until timestamptz not null
);

-- When `last_seen_at` could not be written: such time never counts as idle.
create table sessions.pulse (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null
);
create table sessions.blind_spot (
  started_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (started_at, ended_at)
);
