-- expand: nullable columns, indexes and new tables; the previous release neither reads nor writes them.
-- Adding the columns rewrites nothing. The indexes are built under a lock that lets people read and holds up writes: with
-- 1 000 000 people the search took 5 s on two cores (measured), within the minute that a migration has. A start that does
-- not get its lock at once tries again.
alter table identity.user add column blocked_at timestamptz;
alter table identity.user add column blocked_reason text;
alter table identity.user add column blocked_by text;
alter table identity.user add column deletion_requested_at timestamptz;
alter table identity.user add column deletion_requested_by text;
-- Set while a deletion can be undone; at this time it becomes final.
alter table identity.user add column deletes_at timestamptz;
-- When this address was proven; null: the one that the account was made with.
alter table identity.user add column email_since timestamptz;

create index user_blocked on identity.user (id desc) where blocked_at is not null;
create index user_deleting on identity.user (id desc) where deletes_at is not null;
create index user_by_deletion on identity.user (deletes_at) where deletes_at is not null;
-- Words of the address and the name, found by their beginnings. The expression stands in `accounts/queries.ts` once more.
create index user_words on identity.user using gin (
  to_tsvector('simple', translate(email || ' ' || coalesce(name, ''), '@.-_+/''', '       '))
);

-- Who is gone for good, so that neither a restore nor an import brings them back. Of the address a keyed digest.
create table identity.tombstone (
  user_id text primary key,
  email_digest bytea,
  requested_by text not null,
  deleted_at timestamptz not null
);
create index tombstone_by_email on identity.tombstone (email_digest);

create table identity.email_change (
  id text primary key,
  user_id text not null references identity.user (id) on delete cascade,
  requested_by text not null,
  -- `code`: typed in the browser that asked. `link`: asked for by staff, opened by whoever reads the new mailbox.
  proof text not null check (proof in ('code', 'link')),
  browser_digest bytea,
  old_email text not null,
  old_email_key text not null,
  new_email text not null,
  new_email_key text not null,
  -- False: the new address has an account already; the change looks like any other and cannot be confirmed.
  is_possible boolean not null,
  attempts integer not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  replaced_at timestamptz,
  confirmed_at timestamptz,
  -- Until then the old address may take the change back, and nobody else may have it.
  undo_until timestamptz,
  undone_at timestamptz
);
create index email_change_by_user on identity.email_change (user_id, id desc);
create index email_change_by_old_email on identity.email_change (old_email_key) where confirmed_at is not null and undone_at is null;
create index email_change_by_expiry on identity.email_change (expires_at) where confirmed_at is null;
