-- expand: columns without a default; the previous release neither reads nor writes them. What it began minutes before it was replaced
-- is begun once more.

-- The session in which a person began what they finish in another call: it is finished in that one alone, or a fresh session of theirs
-- would begin what a stale one, worth more, finishes. Null: no session began it.
alter table identity.passkey_challenge add column session_id text;
alter table identity.provider_challenge add column session_id text;
alter table identity.email_change add column session_id text;
