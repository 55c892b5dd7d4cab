import { Type } from 'typebox'
import { orNull } from '../../../platform/http/index.ts'
import { FlagNumberText, json, text } from './shapes.ts'

/** Whose signature counts, and what is told of a key that was replaced. */
export const Trust = Type.Object({
  fingerprint: text('What the option `trust` of the SDK pins.', 'Xq1v…'),
  root: json('The public key of the root.', { kty: 'EC', crv: 'P-256' }),
  key_list: orNull(
    Type.Object(
      {
        number: Type.Integer({ description: 'Greater with each rotation.', examples: [1] }),
        keys: Type.Array(text('A signing key.', 'key_01jd7s6k2m9q'), { description: 'Those that may sign.' }),
      },
      { description: 'What is served is signed by a key of this list; null: nothing is served yet.' },
    ),
  ),
})
export const KeyRotated = Type.Object(
  {
    change_id: orNull(text('In the history; `undo` does not take it.', 'chg_01jd7s6k2m9q')),
    number: FlagNumberText,
  },
  { description: 'The first number that the new key has signed.' },
)
