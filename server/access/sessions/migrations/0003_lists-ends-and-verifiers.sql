-- expand: indices, one column that the previous release does not write, and tables that only this release knows. The index
-- that is dropped served the sweep alone, which finds the same rows without it.

-- Newest first, with each filter that a list has (2 000 000 sessions: each page < 200 ms).
create index session_live_by_id on sessions.session (id desc) where ended_at is null;
create index session_ended_by_id on sessions.session (id desc) where ended_at is not null;
create index session_live_by_user on sessions.session (user_id, id desc) where ended_at is null;
create index session_ended_by_user on sessions.session (user_id, ended_at desc) where ended_at is not null;
create index session_live_by_organization on sessions.session (organization_id, id desc)
  where ended_at is null and organization_id is not null;
create index session_by_audience on sessions.session (audience, id desc);
create index session_live_by_audience on sessions.session (audience, id desc) where ended_at is null;

-- What is idle is found by its own limit first: `last_seen_at + idle_ms` cannot be indexed.
create index session_live_by_idle on sessions.session (idle_ms, last_seen_at) where ended_at is null;
drop index sessions.session_live_by_last_seen;

-- The session in which somebody pressed the button; null: no session did.
alter table sessions.session add column ended_in text;

-- What each verifier said, minute by minute. `counts` is {"invalid/idle/database": 3}: verdict, reason, source.
create table sessions.verifier_minute (
  minute timestamptz not null,
  kind text not null check (kind in ('access', 'application')),
  -- The audience asked about; for an application its id.
  audience text not null,
  instance text not null,
  counts jsonb not null,
  -- The oldest that its knowledge of revocations became; null: not known.
  lag_ms bigint,
  -- How long in this minute what it leans on did not answer: the database for access, access for an application.
  away_ms integer not null default 0,
  reported_at timestamptz not null,
  primary key (minute, kind, audience, instance)
);

-- Ends by the minute in which they became known, each revocation counted once, in the order of its number.
create table sessions.sign_out_minute (
  minute timestamptz not null,
  reason text not null,
  ended integer not null,
  -- Whom it happened to: one person who signs out everywhere is one.
  people integer not null,
  primary key (minute, reason)
);
create table sessions.sign_out_watch (
  only_row boolean primary key default true check (only_row),
  -- The last revocation that was counted, and the last minute that was judged.
  seq bigint not null,
  judged_until timestamptz,
  began_at timestamptz
);
insert into sessions.sign_out_watch (seq) select seq from sessions.revocation_head;
create table sessions.sign_out_episode (
  id text primary key,
  class text not null,
  began_at timestamptz not null,
  noticed_at timestamptz not null,
  quiet_since timestamptz,
  over_at timestamptz,
  counted integer not null,
  usual real not null
);
create unique index sign_out_episode_open on sessions.sign_out_episode (class) where over_at is null;
create index sign_out_episode_by_time on sessions.sign_out_episode (began_at desc);

-- Many sessions that are ended in portions: what a crash left is taken up again.
create table sessions.end_order (
  id text primary key,
  whose jsonb not null,
  except_session_id text,
  before_id text not null,
  reason text not null,
  ended_by text not null,
  ended_in text,
  at timestamptz not null
);
