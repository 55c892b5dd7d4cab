import { refuse } from '../refusals.ts'

/** As JSON writes a NUL, and half of a pair of surrogates; what only looks so has one backslash more. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** PostgreSQL's JSON has neither: said as a fault of the text, and not as one of ours. */
export function assertStorable(said: unknown): void {
  if (UNSTORABLE.test(JSON.stringify(said) ?? ''))
    throw refuse('bad_definition', {
      says: 'A text in it has a NUL, or half of a character that is written with two. Take that out.',
    })
}
