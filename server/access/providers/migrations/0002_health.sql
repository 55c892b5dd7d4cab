-- expand: adds columns and an index; the schema has not been released.
-- For how long the provider has to be well this time before people are sent back: longer for one that fell again soon.
alter table providers.verdict
  add column recover_ms integer not null default 60000 check (recover_ms between 60000 and 480000);

-- When an order was first given: what is older than it is older than the outage that it says there is.
alter table providers.verdict add column ordered_at timestamptz;

-- When a process was last seen to be cut off, while others were not; null: not lately. It is told of once.
alter table providers.watcher add column cut_off_at timestamptz;

-- What is trusted later than at the beginning counts a day after that, as a looser policy does; null: it counts.
alter table providers.provider
  add column email_counts_from timestamptz,
  add column factors_count_from timestamptz;

-- What is older than a year is forgotten.
create index verdict_change_by_time on providers.verdict_change (at);
