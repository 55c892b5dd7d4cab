-- expand: a table that only this release knows.
-- Support that acts as a person: asked for with a reason, begun by a link that works once, over after its minutes.
create table identity.impersonation (
  id text primary key,
  user_id text not null,
  -- `account`, or the application it is meant for.
  audience text not null,
  staff_id text not null,
  staff_name text,
  reason text not null,
  minutes integer not null check (minutes between 5 and 60),
  created_at timestamptz not null,
  -- The digest of the link's token; the token itself is nowhere kept.
  token_digest bytea not null unique,
  token_expires_at timestamptz not null,
  session_id text,
  started_at timestamptz,
  ends_at timestamptz,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  check ((started_at is null) = (session_id is null))
);
create index impersonation_by_user on identity.impersonation (user_id, id desc);
create index impersonation_live on identity.impersonation (ends_at) where started_at is not null and ended_at is null;
