-- expand: columns with defaults; the previous release neither reads nor writes them.

-- The provider through which the person last proved who they are; null: by a way of ours.
alter table sessions.session add column proven_by text;
-- The passkey that was shown at that proof, by its id; null: none was. A passkey is worth what whoever enrolled it had shown.
alter table sessions.session add column proven_with text;
-- A session of fail-over: which provider it stands in for. Null: an ordinary one.
alter table sessions.session add column stands_in_for text;
-- When it has to have been proven at the provider; past it the verdict is `invalid`, reason `failover_ended`.
alter table sessions.session add column due_at timestamptz;
create index session_standing_in on sessions.session (stands_in_for, due_at, id) where stands_in_for is not null and ended_at is null;
create index session_due on sessions.session (due_at) where due_at is not null and ended_at is null;

-- Announced under the same numbers as ends, so that whoever reads on has one place to read on from.
create table sessions.deadline (
  seq bigint primary key,
  session_id text not null,
  -- Null: lifted, for the provider is down again.
  due_at timestamptz,
  forget_at timestamptz not null
);
create index deadline_by_forget_at on sessions.deadline (forget_at);
