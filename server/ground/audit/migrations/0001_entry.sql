-- expand: adds the audit schema; nothing of the previous release knows it.
create table audit.entry (
  id bigint generated always as identity primary key,
  -- Sealing takes all transactions below a horizon: identity values alone do not commit in order.
  xid xid8 not null default pg_current_xact_id(),
  at timestamptz not null,
  action text not null,
  actor_kind text not null,
  actor_id text not null,
  -- Support that acted as the actor.
  impersonator_id text,
  subject_kind text not null,
  subject_id text not null,
  organization_id text,
  facts jsonb not null,
  address text,
  user_agent text
);
create index entry_by_time on audit.entry (at desc, id desc);
create index entry_by_actor on audit.entry (actor_id, id desc);
create index entry_by_subject on audit.entry (subject_id, id desc);
create index entry_by_organization on audit.entry (organization_id, id desc) where organization_id is not null;
create index entry_by_action on audit.entry (action, id desc);
