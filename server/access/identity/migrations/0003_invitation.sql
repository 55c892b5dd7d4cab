-- expand: adds a table; nothing of the previous release knows it.
create table identity.invitation (
  id text primary key,
  organization_id text not null,
  email text not null,
  email_key text not null,
  roles text[] not null,
  -- Whose name stands on the mail and whose app is offered afterwards; null: ours.
  application_id text,
  -- Where its page is for the invited: our origin, or an app's with its prefix.
  pages_url text not null,
  -- Of the link's token; the token itself is derived under the secret and nowhere kept.
  token_digest bytea not null,
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  accepted_by text,
  revoked_at timestamptz,
  -- Null where a newer invitation of the same address took its place, or its organisation is going.
  revoked_by text
);
create unique index invitation_by_token on identity.invitation (token_digest);
create unique index invitation_open on identity.invitation (organization_id, email_key)
  where accepted_at is null and revoked_at is null;
create index invitation_by_organization on identity.invitation (organization_id, id desc);
create index invitation_open_by_id on identity.invitation (id desc) where accepted_at is null and revoked_at is null;
create index invitation_accepted_by_id on identity.invitation (id desc) where accepted_at is not null;
create index invitation_revoked_by_id on identity.invitation (id desc) where revoked_at is not null;
create index invitation_by_email on identity.invitation (email_key, id desc);
create index invitation_by_expiry on identity.invitation (expires_at);
