-- expand: two columns with a default; the previous release writes and reads the others, and refuses a browser token by its form.
alter table tokens.token
  -- `browser`: public by nature; it asks flags for answers and does nothing else.
  add column kind text not null default 'machine' check (kind in ('machine', 'browser')),
  -- The pages from which a browser may send it.
  add column origins text[] not null default '{}';
