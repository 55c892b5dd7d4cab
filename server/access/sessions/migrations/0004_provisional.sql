-- expand: columns with defaults; the previous release neither reads nor writes them.

-- A session of fail-over: which provider it stands in for. Null: an ordinary one.
alter table sessions.session add column stands_in_for text;
-- When it has to have been proven at the provider; past it the verdict is `invalid`, reason `failover_ended`.
alter table sessions.session add column due_at timestamptz;
create index session_standing_in on sessions.session (stands_in_for, id) where stands_in_for is not null and ended_at is null;
