-- expand: adds the identity schema; nothing of the previous release knows it.
create table identity.user (
  id text primary key,
  email text not null,
  -- By which two spellings of one address are the same.
  email_key text not null,
  name text,
  picture_url text,
  locale text,
  time_zone text,
  metadata_public jsonb not null default '{}' check (octet_length(metadata_public::text) <= 16384),
  metadata_private jsonb not null default '{}' check (octet_length(metadata_private::text) <= 16384),
  created_at timestamptz not null,
  last_sign_in_at timestamptz
);
create unique index user_by_email on identity.user (email_key);

-- A browser in which the person has signed in before; of its cookie only the digest.
create table identity.known_browser (
  user_id text not null references identity.user (id) on delete cascade,
  browser_digest bytea not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (user_id, browser_digest)
);
create index known_browser_by_digest on identity.known_browser (browser_digest);
create index known_browser_by_last_seen on identity.known_browser (last_seen_at);

create table identity.challenge (
  id text primary key,
  purpose text not null check (purpose in ('sign-in', 'step-up', 'enrol')),
  browser_digest bytea not null,
  email text not null,
  email_key text not null,
  audience text not null,
  return_to text not null,
  device_name text not null,
  code_digest bytea not null,
  link_digest bytea not null,
  is_link_only boolean not null,
  enrolment_digest bytea,
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  replaced_at timestamptz,
  used_at timestamptz
);
create unique index challenge_by_link on identity.challenge (link_digest);
create index challenge_by_browser on identity.challenge (browser_digest, created_at desc);
create index challenge_by_expiry on identity.challenge (expires_at);

-- One row a limit and subject, however often it is met: when the next one would be due at an even pace.
create table identity.pace (
  kind text not null,
  subject bytea not null,
  due_at timestamptz not null,
  primary key (kind, subject)
);
create index pace_by_due on identity.pace (due_at);

-- Wrong codes by address and hour; of the address only a keyed digest.
create table identity.wrong_code (
  subject bytea not null,
  hour timestamptz not null,
  count integer not null,
  primary key (subject, hour)
);
create index wrong_code_by_hour on identity.wrong_code (hour);
