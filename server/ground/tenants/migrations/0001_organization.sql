-- expand: adds the tenants schema; nothing of the previous release knows it.
create table tenants.organization (
  id text primary key,
  name text not null check (length(name) between 1 and 120),
  slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9])*$'),
  -- The first byte of the SHA-256 of the id: where its events will lie (design §3). Never computed again.
  bucket smallint not null check (bucket between 0 and 255),
  metadata_public jsonb not null default '{}' check (octet_length(metadata_public::text) <= 16384),
  metadata_private jsonb not null default '{}' check (octet_length(metadata_private::text) <= 16384),
  -- Kept by every verb that adds or takes away a member: nobody counts 100 000 rows for a list.
  members integer not null default 0 check (members >= 0),
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  -- When somebody asked for its deletion, and when it will be gone for good.
  deleted_at timestamptz,
  deletes_at timestamptz,
  -- Of name and slug, for the search by beginnings: no extension is needed for it, which managed servers may refuse.
  words tsvector not null
);
create unique index organization_by_slug on tenants.organization (slug);
create index organization_by_word on tenants.organization using gin (words);
create index organization_deleting on tenants.organization (deletes_at) where deleted_at is not null;
create index organization_deleting_by_id on tenants.organization (id desc) where deleted_at is not null;

create table tenants.membership (
  id text primary key,
  organization_id text not null references tenants.organization (id),
  user_id text not null,
  roles text[] not null check (cardinality(roles) between 1 and 20),
  created_at timestamptz not null,
  created_by text not null,
  -- When the person last began to act for it; a sign-in goes on from there.
  last_used_at timestamptz
);
create unique index membership_by_person on tenants.membership (organization_id, user_id);
create index membership_by_organization on tenants.membership (organization_id, id desc);
create index membership_by_user on tenants.membership (user_id, id desc);
create index membership_of_owner on tenants.membership (organization_id) where 'owner' = any (roles);

-- What is gone for good; a restored backup is held against it.
create table tenants.tombstone (
  organization_id text primary key,
  purged_at timestamptz not null
);

-- Which memberships changed, in the order of commits, so that live sessions follow. Who applies it reads what is so now.
create table tenants.membership_change_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null
);
insert into tenants.membership_change_head (seq) values (0);
create table tenants.membership_change (
  seq bigint primary key,
  organization_id text not null,
  -- Null: everybody in it.
  user_id text,
  at timestamptz not null
);
-- How far every session has followed: where a process begins that has just started.
create table tenants.membership_change_applied (
  only_row boolean primary key default true check (only_row),
  seq bigint not null
);
insert into tenants.membership_change_applied (seq) values (0);
