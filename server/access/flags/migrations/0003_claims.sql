-- expand: a table of its own; the previous release does not know it.

-- What clients hold that refuse what they are offered, by the digest of their snapshot: after a restore of the database, with
-- the disks of access new, nobody else knows of these keys. A restore leaves a tombstone for those it does not have.
create table flags.claim (
  digest text primary key,
  -- [{"kind", "key"}, ...]: what was missing in the offer first.
  keys jsonb not null,
  told_at timestamptz not null
);
create index claim_by_time on flags.claim (told_at desc);
