-- expand: adds columns with a default; the schema has not been released.
-- What counted of its word when it was deleted: one that is added again with more waits for the rest, as one that is changed.
alter table providers.issuer
  add column trusted_email boolean not null default false,
  add column trusted_factors boolean not null default false;
