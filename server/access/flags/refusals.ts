import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('flags', {
  none_yet: [
    503,
    'This process has no flags yet: neither the database nor its disk could tell. Try again in a few seconds.',
  ],
  held: [503, 'Nothing can be changed: {sentence} Run "holdfast flags restore" or "holdfast flags adopt".'],
  no_keys: [
    503,
    'This process has no key to sign with: the database lost it, and its disk has none. Ask one that was there before.',
  ],
  not_found: [404, 'There is no {what} {key}.'],
  exists: [409, 'There is a {what} {key} already. Edit it, or choose another key.'],
  archived: [409, 'The {what} {key} is archived. Bring it back first.'],
  not_archived: [409, 'The {what} {key} is delivered already.'],
  changed_meanwhile: [
    409,
    'The {what} {key} was changed meanwhile (e{epoch}.s{seq}). Look at it again, and repeat what still has to be done.',
  ],
  mass_deletion: [409, 'This takes away {count} of {total} flags and segments. Send "confirm": {count} to go ahead.'],
  too_many_deletions: [
    409,
    'More than ten were taken away within a minute. Take them away together, with "confirm" and their number.',
  ],
  bad_definition: [400, 'This cannot be saved. {says}'],
  too_many: [409, 'There can be {flags} flags and {segments} segments. Take away what nobody asks for any more.'],
  still_referred: [409, 'The segment {key} is used by {by}. Take it out there first.'],
  no_such_variant: [400, 'The flag {key} has no variant {variant}. It has {list}.'],
  no_such_change: [404, 'There is no change {change_id}.'],
  not_to_be_undone: [409, 'The change {change_id} cannot be undone. {says}'],
  nothing_at: [404, 'Nothing is known of the flags at {at}: the log begins later, or lost its rows.'],
  too_many_reports: [429, 'More than {max} processes have reported; this one is not taken now. Try again in a minute.'],
  bad_report: [400, 'This report cannot be. {says}'],
  reserved_key: [400, 'Nothing can be called {key} here: addresses need that word themselves. Choose another key.'],
  switched_off: [409, 'The flag {key} is switched off, and a rollout would reach nobody. Switch it on first.'],
  not_plain: [409, 'The rule of the flag {key} is richer than a rollout can change. Change its JSON.'],
  no_other_variant: [400, 'The flag {key} has no variant but {variant}, so nobody else could get another. Add one.'],
  bad_condition: [400, 'A condition has an attribute and the values its comparison takes, or a segment: {condition}.'],
  nothing_to_try: [400, 'Give the key of a flag, or a definition.'],
  bad_instant: [400, 'An instant is written as RFC 3339 has it, such as 2026-11-21T10:42:00Z.'],
  bad_cursor: [400, 'This cursor is none of ours. Begin without one.'],
})
