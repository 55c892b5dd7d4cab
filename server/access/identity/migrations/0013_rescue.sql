-- expand: a table that only this release knows.

-- A way in, once and for minutes, for an administrator of an organisation who is locked out. Of the code a keyed digest.
create table identity.rescue (
  id text primary key,
  organization_id text not null,
  user_id text not null references identity.user (id) on delete cascade,
  -- The account pages, or one application.
  audience text not null,
  digest bytea not null,
  -- Mailed to the person's proven address, or told by whoever made it.
  hand_over text not null check (hand_over in ('mail', 'voice')),
  reason text not null,
  issued_by text not null,
  issued_by_name text,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  session_id text,
  withdrawn_at timestamptz,
  withdrawn_by text
);
create index rescue_by_user on identity.rescue (user_id, id desc);
create index rescue_by_organization on identity.rescue (organization_id, id desc);
create index rescue_by_issuer on identity.rescue (issued_by);
