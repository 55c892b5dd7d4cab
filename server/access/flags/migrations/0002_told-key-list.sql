-- expand: a column that may be empty; the previous release does not know it.

-- The greatest list of signing keys that a client has seen: no list of a restore may have a smaller number.
alter table flags.report add column key_list_number bigint;
