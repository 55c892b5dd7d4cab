/** What the platform itself needs: the ledger of migrations, the probe's rows, and the fence of every transaction. */
export const PLATFORM_SCHEMA = `
  create schema if not exists platform;
  create table if not exists platform.migration (
    schema_name text not null,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now(),
    primary key (schema_name, name)
  );
  create table if not exists platform.heartbeat (
    process text primary key,
    at timestamptz not null
  );
  create table if not exists platform.idempotency_key (
    digest bytea primary key,
    request_digest bytea not null,
    status integer not null,
    body_sealed text not null,
    forget_at timestamptz not null
  );
  create index if not exists idempotency_key_by_forget on platform.idempotency_key (forget_at);
  -- Processes that are long gone; each start of one leaves a row behind.
  delete from platform.heartbeat where at < now() - interval '1 day';
  create or replace function platform.open_fence() returns void language sql volatile as $$
    select set_config('holdfast.opened_at', clock_timestamp()::text, true)
  $$;
  create or replace function platform.check_fence(allowed_ms integer) returns void language plpgsql volatile as $$
  begin
    if clock_timestamp() > current_setting('holdfast.opened_at')::timestamptz
                           + allowed_ms * interval '1 millisecond' then
      raise exception 'the deadline of this transaction has passed' using errcode = 'HF001';
    end if;
  end
  $$;
  -- For a statement that nobody waits for before the COMMIT: what it found must hold, or nothing is kept.
  create or replace function platform.require(holds boolean) returns boolean language plpgsql volatile as $$
  begin
    if holds is not true then
      raise exception 'what this transaction stands on does not hold' using errcode = 'HF002';
    end if;
    return true;
  end
  $$;
`
