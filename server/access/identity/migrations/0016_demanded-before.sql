-- expand: columns without a default, of a table that no released version knows.

-- The provider that an organisation demanded before it began to demand a second factor, and until when. Keys that its people enrolled
-- through it had shown all that was asked for then; null: it demanded none.
alter table identity.sign_in_policy
  add column demanded_provider text,
  add column demanded_provider_until timestamptz,
  add check ((demanded_provider is null) = (demanded_provider_until is null));
