-- expand: two tables that only this release knows.
create table identity.passkey (
  id text primary key,
  -- What the authenticator calls it; no secret.
  credential_id bytea not null unique,
  user_id text not null references identity.user (id) on delete cascade,
  -- The relying party it was made for: a passkey never leaves it.
  rp_id text not null,
  -- COSE (RFC 9052 §7), as the authenticator gave it.
  public_key bytea not null,
  counter bigint not null check (counter >= 0),
  transports text[] not null,
  is_multi_device boolean not null,
  is_backed_up boolean not null,
  name text not null check (length(name) between 1 and 100),
  -- The provider through which the session had come in which it was made; only such a one stands in for that provider where
  -- an organisation demands it. Null: any other session.
  enrolled_by_provider text,
  -- How the person had proved who they are when it was enrolled; of one that another passkey enrolled, what that one has here.
  -- Where more than a mailbox is demanded, a key that a mailbox made counts no more than the mailbox. Unsaid: the least.
  root_amr text[] not null default '{}',
  root_acr text not null default 'single' check (root_acr in ('single', 'multiple')),
  root_provider text,
  root_at timestamptz not null default now(),
  created_at timestamptz not null,
  last_used_at timestamptz,
  -- Since its counter went back, as that of a copy would: it opens nothing, and nothing is asked of it any more.
  copied_at timestamptz
);
create index passkey_by_user on identity.passkey (user_id, id);

-- What an authenticator has to sign: of its 32 random bytes only the digest.
create table identity.passkey_challenge (
  id text primary key,
  digest bytea not null unique,
  purpose text not null check (purpose in ('enrol', 'sign-in', 'step-up')),
  -- Whom it is for; a sign-in is for whoever comes.
  user_id text references identity.user (id) on delete cascade,
  browser_digest bytea not null,
  audience text not null,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((user_id is null) = (purpose = 'sign-in'))
);
create index passkey_challenge_by_browser on identity.passkey_challenge (browser_digest, id desc);
create index passkey_challenge_by_user on identity.passkey_challenge (user_id);
create index passkey_challenge_by_expiry on identity.passkey_challenge (expires_at);
