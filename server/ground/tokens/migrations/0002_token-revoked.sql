-- expand: an index only; the previous release need not know it.
create index token_by_revocation on tokens.token (revoked_at) where revoked_at is not null;
