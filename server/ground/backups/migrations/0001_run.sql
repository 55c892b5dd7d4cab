-- expand: adds the backups schema; nothing of the previous release knows it.
create table backups.run (
  id text primary key,
  kind text not null check (kind in ('backup', 'proof', 'restore')),
  started_at timestamptz not null,
  ended_at timestamptz not null,
  -- Null: it was done. Otherwise one sentence, without a secret.
  problem text,
  archive text,
  -- Of the archive: its size in bytes and the instant it shows.
  size bigint,
  snapshot_at timestamptz,
  facts jsonb not null default '{}'
);
create index run_by_kind on backups.run (kind, ended_at desc);

-- For whom backups are encrypted, and what they are signed with: one of each an installation.
create table backups.keys (
  only_row boolean primary key default true check (only_row),
  recipient text,
  signer_public text not null,
  signer_sealed text not null,
  made_at timestamptz not null
);
