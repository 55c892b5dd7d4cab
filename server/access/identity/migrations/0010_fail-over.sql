-- expand: tables that only this release knows.

-- How the people of an organisation sign in, and what they may do when their provider is down. No row: the defaults.
create table identity.sign_in_policy (
  organization_id text primary key,
  policy jsonb not null check (octet_length(policy::text) <= 4096),
  epoch bigint not null,
  changed_at timestamptz not null,
  changed_by text not null,
  -- Since when it has demanded what it demands. What people had before is not held against them.
  demanded_since timestamptz not null default now()
);
-- A loosened policy waits, and does not begin in an outage.
create table identity.sign_in_policy_change (
  id text primary key,
  organization_id text not null,
  policy jsonb not null check (octet_length(policy::text) <= 4096),
  asked_at timestamptz not null,
  asked_by text not null,
  reason text,
  takes_effect_at timestamptz not null,
  settled_at timestamptz,
  settled_as text check (settled_as in ('applied', 'withdrawn', 'replaced')),
  check ((settled_at is null) = (settled_as is null))
);
create unique index sign_in_policy_change_waiting on identity.sign_in_policy_change (organization_id) where settled_at is null;
create index sign_in_policy_change_by_organization on identity.sign_in_policy_change (organization_id, id desc);

-- Everybody who was let in while their provider was down.
create table identity.fail_over_sign_in (
  id text primary key,
  user_id text not null references identity.user (id) on delete cascade,
  organization_id text,
  provider_id text not null,
  -- Of the verdict that opened it.
  epoch bigint not null,
  method text not null check (method in ('passkey', 'code', 'link')),
  session_id text not null,
  at timestamptz not null,
  -- When the session has to be proven at the provider; null: the provider is not back yet.
  due_at timestamptz,
  -- The full round-trip that made it an ordinary session.
  proved_at timestamptz,
  told_at timestamptz
);
create index fail_over_sign_in_by_provider on identity.fail_over_sign_in (provider_id, id desc);
create index fail_over_sign_in_by_organization on identity.fail_over_sign_in (organization_id, id desc);
create index fail_over_sign_in_by_user on identity.fail_over_sign_in (user_id, id desc);
create index fail_over_sign_in_by_session on identity.fail_over_sign_in (session_id);
create index fail_over_sign_in_untold on identity.fail_over_sign_in (id) where told_at is null;

-- Who would have been let in by something weaker than their organisation demands, and was not: counted, by the hour.
create table identity.fail_over_refusal (
  hour timestamptz not null,
  organization_id text not null,
  reason text not null,
  count integer not null,
  primary key (hour, organization_id, reason)
);

-- Whether the fall-back works: one sign-in of a synthetic identity every few minutes.
create table identity.fail_over_exercise (
  id bigint generated always as identity primary key,
  method text not null check (method in ('passkey', 'code')),
  at timestamptz not null,
  process_id text not null,
  is_good boolean not null,
  took_ms integer not null,
  -- Where it failed, in a sentence.
  detail text
);
create index fail_over_exercise_by_time on identity.fail_over_exercise (method, at desc);

-- Whose mailboxes a domain's addresses are in, as DNS last said: an address at the failed vendor helps nobody.
create table identity.mail_host (
  domain text primary key,
  hosts text[] not null,
  looked_up_at timestamptz not null
);
