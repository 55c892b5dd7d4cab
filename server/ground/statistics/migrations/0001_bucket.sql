-- expand: adds the statistics schema; nothing of the previous release knows it.
create table statistics.bucket (
  -- Empty: all organisations together, and what belongs to none.
  organization_id text not null,
  -- Seconds: 60, 600 or 86400.
  step integer not null,
  at timestamptz not null,
  measure text not null,
  -- How somebody signed in, or why they could not; empty: together.
  method text not null,
  count double precision not null,
  sum double precision not null,
  -- Of durations: how many lie in each step. Null where there is none.
  histogram integer[],
  primary key (organization_id, step, at, measure, method)
);
create index bucket_by_age on statistics.bucket (step, at);

-- Up to when signals were counted, and up to when days were added up.
create table statistics.progress (
  only_row boolean primary key default true check (only_row),
  counted_until timestamptz not null,
  days_until timestamptz
);

create function statistics.add_histograms(one integer[], other integer[]) returns integer[]
language sql immutable parallel safe as $$
  select case
    when one is null then other
    when other is null then one
    else array(select coalesce(a, 0) + coalesce(b, 0)
                 from unnest(one, other) with ordinality as step (a, b, place)
                order by place)
  end
$$;
create aggregate statistics.histogram_sum(integer[]) (
  sfunc = statistics.add_histograms,
  stype = integer[]
);
