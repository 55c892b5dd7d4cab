-- expand: adds the providers schema; nothing of the previous release knows it.
create table providers.provider (
  id text primary key,
  name text not null check (length(name) between 1 and 60),
  -- Where it comes from: what is asked in the form, and what is special about its tokens.
  preset text not null check (preset in ('auth0', 'google', 'entra', 'okta', 'keycloak', 'oidc')),
  -- As its discovery document and its tokens say it, letter by letter (OpenID Connect Discovery 1.0 §4.3).
  issuer text not null,
  client_id text not null,
  -- Sealed under the secret file; null: a public client, which PKCE alone holds.
  client_secret_sealed text,
  client_secret_expires_at timestamptz,
  -- At how many days before that it was last told of.
  secret_warned_days integer,
  token_endpoint_auth text not null check (token_endpoint_auth in ('client_secret_basic', 'client_secret_post', 'none')),
  scopes text[] not null,
  -- Entra's tenants that may come in; everybody's where it is empty, which `common` and `organizations` do not allow.
  tenants text[] not null default '{}',
  -- Whether an address that it calls verified is taken for proven, and whether what it says of factors is.
  trusts_email boolean not null default false,
  trusts_factors boolean not null default false,
  -- For how long its last known keys are good when they cannot be fetched.
  keys_good_for_ms bigint not null check (keys_good_for_ms between 3600000 and 604800000),
  is_enabled boolean not null default false,
  -- The last time that "test this provider" went well with these settings; without it, it cannot be enabled.
  tested_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- Counts changes of settings; what was begun under other settings is not finished under these.
  version integer not null default 1
);

-- Which provider vouches for the people of an issuer: one alone, enabled or not, so that two never say the same of two people.
-- It outlives the provider: one that is added again with its issuer is the one that it was, and so are its people.
create table providers.issuer (
  -- As tokens say it: at Entra that of each tenant.
  issuer text primary key,
  provider_id text not null,
  since timestamptz not null,
  -- Of the settings when it was deleted: what was begun under those is not finished under the next.
  last_version integer not null default 0
);
create index issuer_by_provider on providers.issuer (provider_id);

-- Whose people come through it: public, and the same for every address of the domain.
create table providers.domain (
  domain text primary key,
  provider_id text not null references providers.provider (id) on delete cascade,
  added_at timestamptz not null
);
create index domain_by_provider on providers.domain (provider_id);

-- Last known good: what it published, as it was fetched and found true.
create table providers.document (
  provider_id text not null references providers.provider (id) on delete cascade,
  kind text not null check (kind in ('discovery', 'keys')),
  body jsonb not null,
  fetched_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (provider_id, kind)
);
-- Each key that was ever seen. One that it took away is never good again, whatever is kept anywhere.
create table providers.key (
  provider_id text not null references providers.provider (id) on delete cascade,
  -- RFC 7638; a `kid` can be given out again.
  thumbprint text not null,
  kid text,
  jwk jsonb not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  withdrawn_at timestamptz,
  primary key (provider_id, thumbprint)
);

-- Which access processes watch, by the database's clock.
create table providers.watcher (
  process_id text primary key,
  seen_at timestamptz not null
);

-- What each process saw on TLS connections that it opened itself, by the database's clock. Kept for an hour.
create table providers.evidence (
  id bigint generated always as identity primary key,
  provider_id text not null references providers.provider (id) on delete cascade,
  process_id text not null,
  seen_at timestamptz not null default clock_timestamp(),
  -- A round is one look at everything at once; null: a real sign-in.
  round text,
  kind text not null check (kind in ('discovery', 'keys', 'authorization', 'token', 'exchange')),
  outcome text not null check (outcome in ('good', 'fault', 'limited')),
  -- What kind of fault, and a sentence for people.
  fault text,
  detail text,
  took_ms integer not null,
  -- Whether the control target answered at that time; null: it was not asked.
  is_control_good boolean
);
create index evidence_by_provider on providers.evidence (provider_id, seen_at desc);
create index evidence_by_time on providers.evidence (seen_at);

-- One row for each provider, changed by compare-and-set on its epoch and read at each sign-in.
create table providers.verdict (
  provider_id text primary key references providers.provider (id) on delete cascade,
  epoch bigint not null,
  state text not null check (state in ('healthy', 'suspect', 'down', 'recovering', 'unknown')),
  since timestamptz not null,
  -- Since when people have been sent another way; null: they are not.
  open_since timestamptz,
  -- When they last were sent back, and how often it opened within the hour before: what hysteresis is judged by.
  closed_at timestamptz,
  decided_at timestamptz not null,
  decided_by text not null,
  why jsonb not null,
  -- An administrator's order: it holds until then, whatever is seen.
  ordered text check (ordered in ('open', 'closed')),
  ordered_reason text,
  ordered_by text,
  ordered_until timestamptz,
  check ((ordered is null) = (ordered_until is null))
);

-- Every change of a verdict, for people.
create table providers.verdict_change (
  provider_id text not null references providers.provider (id) on delete cascade,
  epoch bigint not null,
  at timestamptz not null,
  state text not null,
  is_open boolean not null,
  by text not null,
  why jsonb not null,
  primary key (provider_id, epoch)
);
