import { Type } from 'typebox'
import { Time } from '../../platform/http/index.ts'
import { CONTENT_BYTES_MAX } from './locker.ts'

/** Ten years: more than any installation lets anything live, and what is above that life is cut to it. */
const EXPIRES_IN_MAX_S = 10 * 366 * 86_400
/** A write that waited longer than any session lives is older than anything. */
export const AGE_MAX_MS = 400 * 86_400_000

const Expires = Type.Integer({
  minimum: 1,
  maximum: EXPIRES_IN_MAX_S,
  description: 'In how many seconds it runs out. Cut to the longest life of a session here.',
  examples: [86_400],
})

export const Key = Type.Object({
  key: Type.String({
    maxLength: 100,
    description: 'SHA-256 of the browser’s session id, base64url. Never the id itself.',
    examples: ['n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg'],
  }),
})

export const Fill = Type.Object({
  content: Type.String({
    maxLength: CONTENT_BYTES_MAX,
    pattern: '^[^\\u0000]*$',
    description: `What is to be kept, as text; at most ${CONTENT_BYTES_MAX} bytes. Nobody here reads it.`,
    examples: ['{"cart":["apple"]}'],
  }),
  expires_in_s: Expires,
  age_ms: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: AGE_MAX_MS,
      description: 'How long ago this was to be written, when it had to wait. What was changed since stays.',
      examples: [0],
    }),
  ),
})

export const Touch = Type.Object({ expires_in_s: Expires })

const ExpiresAt = Time('When it runs out.')

export const Filled = Type.Object(
  {
    outcome: Type.Union([Type.Literal('kept'), Type.Literal('unchanged'), Type.Literal('newer')], {
      description: '`newer`: what is there was changed after this was to be written, and stays.',
      examples: ['kept'],
    }),
    expires_at: ExpiresAt,
  },
  { description: 'It was kept, or what is there stays.' },
)

export const Held = Type.Object(
  {
    content: Type.String({ description: 'As it was given.', examples: ['{"cart":["apple"]}'] }),
    expires_at: ExpiresAt,
  },
  { description: 'What the locker holds.' },
)

export const Touched = Type.Object({ expires_at: ExpiresAt }, { description: 'It lives on.' })
