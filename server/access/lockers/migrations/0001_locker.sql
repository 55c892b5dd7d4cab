-- expand: adds the lockers schema; nothing of the previous release knows it.
create table lockers.locker (
  application text not null,
  -- SHA-256 of the browser's own session id, made by the application: the id itself is never told.
  key bytea not null,
  -- As it came. Not jsonb: that sorts names, and refuses a NUL that a form may hold. Null: emptied, and it stays so.
  content text,
  expires_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (application, key)
);
create index locker_to_remove on lockers.locker (expires_at);
