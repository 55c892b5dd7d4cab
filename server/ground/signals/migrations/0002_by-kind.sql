-- expand: an index only; the previous release asks the same questions without it.
create index signal_by_kind on signals.signal (kind, id desc);
