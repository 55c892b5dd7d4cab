-- expand: columns without a default; the previous release neither reads nor writes them.

-- When somebody said "not now" in this browser to the offer of a passkey.
alter table identity.known_browser add column passkey_declined_at timestamptz;

-- Since when it came back from a backup and nobody knows whether its owner had removed it meanwhile: it opens nothing until
-- they say that it is still theirs. Null: it is.
alter table identity.passkey add column unconfirmed_since timestamptz;
