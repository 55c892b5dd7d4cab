-- expand: columns with defaults; the previous release neither reads nor writes them.
alter table sessions.session add column roles text[] not null default '{}';
-- Support who acts as the person: {id, name}. Null: it is the person.
alter table sessions.session add column impersonator jsonb;
create index session_by_organization on sessions.session (organization_id, id desc) where organization_id is not null;
