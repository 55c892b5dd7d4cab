-- expand: a column without a default; the previous release neither reads nor writes it.

-- When somebody said "not now" in this browser to the offer of a passkey.
alter table identity.known_browser add column passkey_declined_at timestamptz;
