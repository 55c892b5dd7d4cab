-- expand: tables that only this release knows, and columns with defaults that the previous release neither reads nor writes.

-- Who somebody is at a provider. By issuer and subject alone: an equal address joins nobody.
create table identity.linked_identity (
  id text primary key,
  user_id text not null references identity.user (id) on delete cascade,
  provider_id text not null,
  issuer text not null,
  subject text not null,
  -- As the provider last said it.
  email text,
  is_email_verified boolean not null,
  name text,
  linked_at timestamptz not null,
  -- The last validated id_token of ours.
  last_proved_at timestamptz not null,
  -- To ask whether the person is still there; sealed.
  refresh_sealed text,
  asked_again_at timestamptz,
  -- No way but the provider itself opens the account's fall-back any more: gone there, or closed by an administrator.
  closed_at timestamptz,
  closed_reason text check (closed_reason in ('invalid_grant', 'back-channel-logout', 'administrator')),
  closed_by text,
  check ((closed_at is null) = (closed_reason is null)),
  unique (issuer, subject)
);
create index linked_identity_by_user on identity.linked_identity (user_id, id);
create index linked_identity_by_provider on identity.linked_identity (provider_id, last_proved_at desc);

-- What an administrator has closed for outages stays closed, whatever becomes of the link: until it is opened by one.
create table identity.link_closing (
  user_id text not null references identity.user (id) on delete cascade,
  issuer text not null,
  provider_id text not null,
  closed_at timestamptz not null,
  closed_by text not null,
  primary key (user_id, issuer)
);

-- A sign-in that left for a provider and has not come back: bound to the browser and to the provider.
create table identity.provider_challenge (
  id text primary key,
  -- Of the `state` in the address; nonce and PKCE verifier are sealed.
  state_digest bytea not null unique,
  purpose text not null check (purpose in ('sign-in', 'step-up', 'link')),
  -- Who is signed in, where it is about somebody who is.
  user_id text references identity.user (id) on delete cascade,
  provider_id text not null,
  provider_version integer not null,
  browser_digest bytea not null,
  audience text not null,
  return_to text not null,
  -- Where the browser has its cookie: our origin, or that of an app with the prefix below which it forwards.
  here text not null,
  -- Whether the provider has to have asked for the person anew.
  wants_fresh boolean not null,
  -- Whether the browser has said that it can keep a passkey.
  has_passkeys boolean not null,
  departure_sealed text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((user_id is null) = (purpose = 'sign-in'))
);
create index provider_challenge_by_browser on identity.provider_challenge (browser_digest, id desc);
create index provider_challenge_by_expiry on identity.provider_challenge (expires_at);
create index provider_challenge_by_user on identity.provider_challenge (user_id);

-- Somebody proved who they are elsewhere and has yet to prove that the address is theirs: a new account, or one to be joined.
create table identity.arrival (
  id text primary key,
  browser_digest bytea not null,
  provider_id text not null,
  -- The proven identity; sealed, for it may hold a refresh token.
  identity_sealed text not null,
  audience text not null,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index arrival_by_browser on identity.arrival (browser_digest, id desc);
create index arrival_by_expiry on identity.arrival (expires_at);
-- The arrival that the code or link of a mail completes; null: an ordinary sign-in.
alter table identity.challenge add column arrival_id text;

-- Whether the address was proven to us by a code or a link, or asserted by a provider that is trusted for it.
alter table identity.user
  add column email_proved_at timestamptz,
  add column email_asserted_by text,
  add column email_asserted_at timestamptz;
update identity.user set email_proved_at = coalesce(email_since, created_at) where last_sign_in_at is not null;
-- Who was said to be gone lately.
create index linked_identity_gone on identity.linked_identity (provider_id, closed_at) where closed_reason = 'invalid_grant';
create index linked_identity_to_ask on identity.linked_identity (coalesce(asked_again_at, last_proved_at))
  where refresh_sealed is not null and closed_at is null;
