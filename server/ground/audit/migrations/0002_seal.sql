-- expand: columns that may be empty, tables of its own, and triggers that refuse what no release does.

-- What would be personal is sealed by its digest, so that it can be erased and the chain still holds.
alter table audit.entry add column personal_salt bytea, add column personal_digest bytea;
create index entry_by_xid on audit.entry (xid, id);
create index entry_personal_by_time on audit.entry (at) where personal_salt is not null;

-- A database that was restored elsewhere counts its transactions anew: from `after_id` on, in a line of its own.
create table audit.line (
  line integer primary key,
  after_id bigint not null,
  began_at timestamptz not null
);
insert into audit.line (line, after_id, began_at) values (1, 0, now());

-- A batch holds the entries of its line from (from_xid, from_id), excluded, to (to_xid, to_id), included.
create table audit.seal (
  number bigint primary key,
  line integer not null references audit.line (line),
  after_id bigint not null,
  from_xid xid8 not null,
  from_id bigint not null,
  to_xid xid8 not null,
  to_id bigint not null,
  count integer not null,
  first_id bigint,
  last_id bigint,
  -- Of each entry its id (8 bytes) and the SHA-256 of its canonical form (32): what was touched can be named.
  leaves bytea not null,
  previous_digest bytea not null,
  digest bytea not null,
  mac bytea not null,
  sealed_at timestamptz not null
);
create index seal_by_time on audit.seal (sealed_at);

-- What retention deleted, so that the rest still hangs on something.
create table audit.anchor (
  only_row boolean primary key default true check (only_row),
  number bigint not null,
  line integer not null,
  to_xid xid8 not null,
  to_id bigint not null,
  digest bytea not null,
  entries bigint not null,
  mac bytea not null,
  retained_at timestamptz not null
);

-- What "holdfast audit verify" found last.
create table audit.verification (
  only_row boolean primary key default true check (only_row),
  at timestamptz not null,
  through_number bigint not null,
  entries bigint not null,
  problems text[] not null
);

create function audit.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  erasable constant text[] := '{address,user_agent,personal_salt}';
begin
  if tg_op = 'UPDATE' and tg_table_name = 'entry' then
    if new.address is null and new.user_agent is null and new.personal_salt is null
       and to_jsonb(new) - erasable = to_jsonb(old) - erasable then
      return new;
    end if;
  elsif tg_op = 'DELETE' then
    -- Inside audit.retain only, which runs as the owner: the role of access alone deletes nothing.
    if current_setting('audit.retaining', true) = 'on'
       and (select relowner from pg_class where oid = tg_relid) = current_user::regrole::oid then
      return old;
    end if;
  end if;
  raise exception 'the audit is only appended to: no % of audit.%', tg_op, tg_table_name using errcode = 'HF002';
end
$$;
create trigger entry_is_kept before update or delete on audit.entry
  for each row execute function audit.refuse_change();
create trigger entry_is_not_emptied before truncate on audit.entry
  for each statement execute function audit.refuse_change();
create trigger seal_is_kept before update or delete on audit.seal
  for each row execute function audit.refuse_change();
create trigger seal_is_not_emptied before truncate on audit.seal
  for each statement execute function audit.refuse_change();

-- Deletes the oldest batches with their entries, and leaves the anchor; answers how many entries it deleted.
create function audit.retain(through_number bigint, all_entries bigint, anchor_mac bytea, retained timestamptz)
  returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  batch record;
  deleted bigint := 0;
  touched bigint;
begin
  perform set_config('audit.retaining', 'on', true);
  for batch in
    select seal.number, seal.line, seal.after_id, seal.from_xid, seal.from_id, seal.to_xid, seal.to_id, seal.digest,
           coalesce(next.after_id, 9223372036854775807) as until_id
      from audit.seal
      left join audit.line next on next.line = seal.line + 1
     where seal.number <= through_number
     order by seal.number
     limit 1000
  loop
    delete from audit.entry
     where (xid, id) > (batch.from_xid, batch.from_id)
       and (xid, id) <= (batch.to_xid, batch.to_id)
       and id > batch.after_id
       and id <= batch.until_id;
    get diagnostics touched = row_count;
    deleted := deleted + touched;
    delete from audit.seal where number = batch.number;
  end loop;
  if batch.number is distinct from through_number then
    raise exception 'no batch % to keep the audit until', through_number;
  end if;
  insert into audit.anchor (number, line, to_xid, to_id, digest, entries, mac, retained_at)
  values (batch.number, batch.line, batch.to_xid, batch.to_id, batch.digest, all_entries, anchor_mac, retained)
  on conflict (only_row) do update
     set number = excluded.number, line = excluded.line, to_xid = excluded.to_xid, to_id = excluded.to_id,
         digest = excluded.digest, entries = excluded.entries, mac = excluded.mac, retained_at = excluded.retained_at;
  perform set_config('audit.retaining', 'off', true);
  return deleted;
end
$$;
