import type { Application } from '../api/wire/applications.ts'
import { sayDuration } from '../ui/moment.ts'

/** What its visitors meet while nobody can tell whether they are signed in. */
export function sayOnUnknown({ policy, max_age_s }: Application['on_unknown']): string {
  return policy === 'refuse' ? 'Refuses' : `Serves, ${sayDuration(max_age_s * 1000)}`
}

/** The same as a sentence, for who reads only this one. */
export function explainOnUnknown({ policy, max_age_s }: Application['on_unknown']): string {
  return policy === 'refuse'
    ? 'Refuses: nothing older than five minutes is believed, then a page says so.'
    : `Serves what was known before, up to ${sayDuration(max_age_s * 1000)} old.`
}
