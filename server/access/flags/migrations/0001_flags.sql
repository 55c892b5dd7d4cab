-- expand: adds the flags schema; nothing of the previous release knows it.

-- The one row that every change locks: numbers are given in the order of commits, without a gap. Number e0.s0 is written
-- here and nowhere else: it says that nothing was ever delivered. No row at all says that somebody took it away.
create table flags.head (
  only_row boolean primary key default true check (only_row),
  epoch bigint not null check (epoch between 0 and 9007199254740991),
  seq bigint not null check (seq between 0 and 9007199254740991),
  digest text not null,
  -- Id of the newest row of the log.
  changes bigint not null,
  -- From this id on no row of the log is missing; what was lost before was confirmed by a restore.
  whole_from bigint not null,
  changed_at timestamptz not null
);
insert into flags.head (epoch, seq, digest, changes, whole_from, changed_at) values (0, 0, '', 0, 1, now());

-- Who means to take away how many at once, and how many they said.
create table flags.intent (
  id text primary key,
  by_kind text not null,
  by_id text not null,
  confirmed integer not null check (confirmed > 0),
  reason text,
  made_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '5 minutes'
);

-- The truth. `json` and not `jsonb`: that sorts names, and the variants of a flag are in the order of their author.
-- `before` and `after` are what is delivered, with its labels; null: it is not. The last row of a key is what it is now.
create table flags.change (
  id bigint primary key,
  change_id text not null,
  epoch bigint not null,
  seq bigint not null,
  at timestamptz not null,
  kind text not null check (kind in ('flag', 'evaluator', 'set')),
  key text not null,
  deed text not null,
  before json,
  after json,
  by_kind text not null,
  by_id text not null,
  reason text,
  intent_id text,
  -- By the database's own clock, whatever the row says of itself: the guard below counts by it.
  written_at timestamptz not null default clock_timestamp()
);
create index change_by_key on flags.change (kind, key, id desc);
create index change_by_change on flags.change (change_id, id);
create index change_by_time on flags.change (at, id);
create index change_deleting on flags.change (written_at) where before is not null and after is null;
create index change_by_intent on flags.change (intent_id) where intent_id is not null;

-- What is now, for lists. What is delivered is folded onto the snapshot before it, never made from here.
create table flags.entry (
  kind text not null check (kind in ('flag', 'evaluator', 'set')),
  key text not null,
  definition json not null,
  name text,
  description text,
  tags text[] not null default '{}',
  -- Of the last change.
  epoch bigint not null,
  seq bigint not null,
  created_at timestamptz not null,
  created_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  -- Not delivered any more, and can be brought back.
  archived_at timestamptz,
  primary key (kind, key)
);

-- Each is signed, and holds everything that was delivered under its number, tombstones and keys too.
create table flags.snapshot (
  epoch bigint not null,
  seq bigint not null,
  digest text not null,
  made_at timestamptz not null,
  -- The text as it goes out, gzip.
  packed bytea not null,
  primary key (epoch, seq, digest)
);
create index snapshot_by_time on flags.snapshot (made_at desc);

-- The root signs the list of signing keys, the newest of which signs snapshots. Private halves are sealed.
create table flags.key (
  kid text primary key,
  kind text not null check (kind in ('root', 'signing')),
  -- Of the key list that it came with.
  number bigint not null,
  private_sealed text not null,
  created_at timestamptz not null
);
create unique index key_one_root on flags.key (kind) where kind = 'root';

-- Which number each process holds: applications by the reports of their SDK, access processes (`access`) by themselves.
create table flags.report (
  application text not null,
  instance text not null,
  epoch bigint not null,
  seq bigint not null,
  source text not null,
  age_ms bigint,
  fallbacks jsonb not null,
  faults jsonb not null,
  reported_at timestamptz not null,
  primary key (application, instance)
);
create index report_by_number on flags.report (epoch desc, seq desc);
create index report_by_time on flags.report (reported_at);

create function flags.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception 'the log of flags is only appended to: no % of flags.%', tg_op, tg_table_name using errcode = 'HF002';
end
$$;
create trigger change_is_kept before update or delete on flags.change
  for each row execute function flags.refuse_change();
create trigger change_is_not_emptied before truncate on flags.change
  for each statement execute function flags.refuse_change();
create trigger intent_is_kept before update or delete on flags.intent
  for each row execute function flags.refuse_change();
create trigger intent_is_not_emptied before truncate on flags.intent
  for each statement execute function flags.refuse_change();

create function flags.stamp_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.written_at := clock_timestamp();
  return new;
end
$$;
create trigger change_is_stamped before insert on flags.change
  for each row execute function flags.stamp_change();

-- Clockwork lost every flag at once in 2022. More than ten deletions a minute need an intent that names their number.
create function flags.guard_deletions() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  deletions_max constant integer := 10;
  intended record;
begin
  if not exists (select from added where before is not null and after is null) then
    return null;
  end if;
  if exists (select from added where before is not null and after is null and intent_id is null)
     and (select count(*)
            from flags.change
           where before is not null
             and after is null
             and intent_id is null
             and written_at > clock_timestamp() - interval '1 minute') > deletions_max then
    raise exception 'more than % deletions of flags in a minute need an intent', deletions_max using errcode = 'HF003';
  end if;
  for intended in
    select added.intent_id, intent.confirmed, intent.expires_at
      from (select distinct intent_id from added where before is not null and after is null and intent_id is not null) as added
      left join flags.intent on intent.id = added.intent_id
  loop
    if intended.confirmed is null
       or intended.expires_at <= clock_timestamp()
       or (select count(*)
             from flags.change
            where intent_id = intended.intent_id
              and before is not null
              and after is null) > intended.confirmed then
      raise exception 'the intent % does not allow this many deletions of flags now', intended.intent_id using errcode = 'HF003';
    end if;
  end loop;
  return null;
end
$$;
create trigger deletions_are_guarded after insert on flags.change
  referencing new table as added
  for each statement execute function flags.guard_deletions();
