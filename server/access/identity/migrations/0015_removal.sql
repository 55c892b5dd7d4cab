-- expand: a table that only this release knows. A deletion by the previous one has no number, and is of a person.

-- How many people, passkeys and linked identities were taken away for good. The row is locked by each: numbers are given in the
-- order of commits, without a gap, so that a restore can tell whether tombstones are missing.
create table identity.removal_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null
);
insert into identity.removal_head (seq) values (0);
