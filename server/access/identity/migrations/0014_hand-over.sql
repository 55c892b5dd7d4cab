-- expand: a table that only this release knows, and a column without a default that the previous one neither reads nor writes.

-- A sign-in by passkey that an app's origin sent to ours, because browsers show passkeys to one relying party alone. The session
-- begins at the app's origin, in the browser that left from there.
create table identity.hand_over (
  id text primary key,
  -- Of the `state` in the address by which our origin is reached.
  state_digest bytea not null unique,
  purpose text not null check (purpose in ('sign-in', 'step-up')),
  -- Who is signed in at the app, where they prove it once more.
  user_id text references identity.user (id) on delete cascade,
  -- At the app's origin.
  browser_digest bytea not null,
  audience text not null,
  return_to text not null,
  -- The app's origin, with the prefix below which it forwards.
  here text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- The one browser at our origin that came with the state.
  claimed_by bytea,
  -- What was shown, and the newest code that goes back for it.
  passkey_id text references identity.passkey (id) on delete cascade,
  shown_at timestamptz,
  code_digest bytea unique,
  code_expires_at timestamptz,
  used_at timestamptz,
  check ((user_id is null) = (purpose = 'sign-in')),
  check ((passkey_id is null) = (code_digest is null))
);
create index hand_over_by_browser on identity.hand_over (browser_digest, id desc);
create index hand_over_by_user on identity.hand_over (user_id);
create index hand_over_by_passkey on identity.hand_over (passkey_id);
create index hand_over_by_expiry on identity.hand_over (expires_at);

-- A ceremony for an app's origin begins no session at ours. Null: it does.
alter table identity.passkey_challenge add column hand_over_id text references identity.hand_over (id) on delete cascade;
create index passkey_challenge_by_hand_over on identity.passkey_challenge (hand_over_id) where hand_over_id is not null;

-- The other way round: somebody who is signed in at an app enrols a passkey at our origin, by a short session that stands on the one
-- that they have there. Our origin asks, so that nobody is signed in here as somebody else by a link.
create table identity.vouching (
  id text primary key,
  -- Of the `state` in the address by which the app's origin is asked.
  state_digest bytea not null unique,
  -- At our origin: there the session begins.
  browser_digest bytea not null,
  -- The application that is asked, the origin and prefix at which, and where it leads afterwards.
  audience text not null,
  here text not null,
  return_to text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- Whose page led here: nobody is brought to it by a link of somebody else.
  user_id text not null references identity.user (id) on delete cascade,
  -- By which session they are signed in there, and the newest code that goes back for it.
  session_id text,
  code_digest bytea unique,
  code_expires_at timestamptz,
  used_at timestamptz,
  check ((session_id is null) = (code_digest is null))
);
create index vouching_by_browser on identity.vouching (browser_digest, id desc);
create index vouching_by_user on identity.vouching (user_id);
create index vouching_by_expiry on identity.vouching (expires_at);
