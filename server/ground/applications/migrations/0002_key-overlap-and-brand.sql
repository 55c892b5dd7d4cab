-- expand: columns with defaults or null. The previous release reads the applications as before; it does not know the key
-- before a rotation, so that an app is refused by it after one, and it goes on to know what was deleted until it is gone.
alter table applications.application
  add column on_unknown_policy text not null default 'serve' check (on_unknown_policy in ('serve', 'refuse')),
  add column on_unknown_max_age_s integer not null default 86400,
  add column brand jsonb not null default '{}',
  -- The last characters, by which people tell one key from another.
  add column key_hint text,
  add column key_created_at timestamptz,
  -- The key before the last rotation: good until then, for Bearer and for signatures.
  add column previous_key_digest bytea,
  add column previous_forward_key_sealed text,
  add column previous_key_valid_until timestamptz,
  add column updated_at timestamptz not null default now(),
  -- A tombstone: the id is never used again.
  add column deleted_at timestamptz,
  add column deleted_by text,
  -- When the last of its sessions was ended; null after a deletion: still to be done.
  add column sessions_ended_at timestamptz;
create index application_to_end on applications.application (deleted_at)
  where deleted_at is not null and sessions_ended_at is null;
