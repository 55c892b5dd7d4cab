-- expand: an index only; the previous release asks the same questions without it.
create index signal_by_subject on signals.signal (subject, id desc);
