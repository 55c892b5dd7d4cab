import { Type } from 'typebox'

const text = (description: string, ...examples: string[]) => Type.String({ description, examples })
const Metadata = Type.Optional(
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
    description: 'Of the flag and of the set, flat.',
    examples: [{ team: 'checkout' }],
  }),
)
const key = text('The key of the flag.', 'new-view')
const errorDetails = Type.Optional(text('In words.', 'There is no flag new-view.'))
const errorCode = text('What went wrong, as OpenFeature names it.', 'FLAG_NOT_FOUND')

export const Key = Type.Object({
  key: Type.String({ description: 'The key of the flag, percent-encoded.', examples: ['new-view'] }),
})

export const FlagShape = Type.Object(
  {
    key,
    reason: text('STATIC, TARGETING_MATCH, DEFAULT or DISABLED.', 'TARGETING_MATCH'),
    variant: Type.Optional(text('The name of the value.', 'on')),
    value: Type.Optional(
      Type.Union([Type.Boolean(), Type.String(), Type.Number(), Type.Object({})], {
        description: 'Missing: the caller’s own default counts.',
        examples: [true],
      }),
    ),
    metadata: Metadata,
  },
  { description: 'What a flag answers.' },
)
export const KeyedFailureShape = Type.Object(
  { key, errorCode, errorDetails, metadata: Metadata },
  { description: 'Why there is no answer.' },
)
export const FailureShape = Type.Object({ errorCode, errorDetails }, { description: 'Why there are no answers.' })

export const BulkShape = Type.Object({
  flags: Type.Array(Type.Union([FlagShape, KeyedFailureShape]), {
    description: 'One item a flag; a failed one is alone in that.',
  }),
  metadata: Metadata,
  eventStreams: Type.Array(
    Type.Object({
      type: text('Server-sent events.', 'sse'),
      endpoint: Type.Object(
        {
          requestUri: text('Path and query, at the same origin. A secret.', '/ofrep/v1/event-stream?secret=…'),
        },
        { description: 'Its address, without an origin: that of the question.' },
      ),
      inactivityDelaySec: Type.Integer({ description: 'After so long a hidden page lets go.', examples: [120] }),
    }),
    { description: 'Where changes are announced.' },
  ),
})

export const NUMBER_QUERY = Type.Object({
  flagConfigEtag: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'The `etag` of an event: nothing older is answered. It is waited for half a second.',
      examples: ['e3.s1893'],
    }),
  ),
  flagConfigLastModified: Type.Optional(
    Type.String({
      maxLength: 64,
      description: 'The `lastModified` of an event; the number says more.',
      examples: ['1771622898'],
    }),
  ),
})

/** Left out it is refused like a wrong one. */
export const StreamSecret = Type.Object({
  secret: Type.Optional(Type.String({ maxLength: 200, description: 'As it came in `eventStreams`.' })),
})
export const StreamText = Type.String({
  description: '`event: message` with `{"type":"refetchEvaluation","etag":"e3.s1893","lastModified":1771622898}`.',
})
