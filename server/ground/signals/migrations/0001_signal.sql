-- expand: adds the signals schema; nothing of the previous release knows it.
create table signals.signal (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  kind text not null,
  subject text not null,
  facts jsonb not null
);
create index signal_by_time on signals.signal (at desc);
