-- expand: tables that only this release knows, and columns of one that no released version knows.

-- Whose turn it is: of what runs by itself for the whole installation, one process does each round.
create table identity.fail_over_turn (
  name text primary key,
  taken_at timestamptz not null,
  taken_by text not null
);

-- How many could sign in if a provider died now. Without an organisation: everybody of it, each counted once.
create table identity.readiness (
  provider_id text not null,
  organization_id text not null default '',
  active integer not null,
  passkey integer not null,
  provider integer not null,
  email integer not null,
  unknown integer not null,
  no integer not null,
  -- How many for which reason, of those who are not counted as able.
  whys jsonb not null,
  -- When the round began that found it so; of everybody, the last one.
  counted_at timestamptz not null,
  primary key (provider_id, organization_id),
  check (active = passkey + provider + email + unknown + no)
);
-- Where most people would be kept out comes first.
create index readiness_worst on identity.readiness (provider_id, no desc, organization_id);

-- Who could not, or only by a mail; whoever has a passkey that is allowed is not in it.
create table identity.readiness_person (
  provider_id text not null,
  organization_id text not null default '',
  user_id text not null references identity.user (id) on delete cascade,
  able text not null check (able in ('provider', 'email', 'unknown', 'no')),
  why text not null,
  primary key (provider_id, organization_id, user_id)
);
create index readiness_person_by_user on identity.readiness_person (user_id);
create index readiness_person_by_able on identity.readiness_person (provider_id, organization_id, able, user_id);
create index readiness_person_by_why on identity.readiness_person (provider_id, organization_id, why, user_id);

-- A domain is on the list before it was ever looked up; null: nobody has answered yet.
alter table identity.mail_host
  alter column hosts drop not null,
  alter column looked_up_at drop not null,
  add column wanted_at timestamptz not null,
  -- Of the last try, whatever came of it.
  add column tried_at timestamptz;
create index mail_host_by_try on identity.mail_host (tried_at nulls first);
create index mail_host_by_want on identity.mail_host (wanted_at);
