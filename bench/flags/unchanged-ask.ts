import type { AskOneThing } from '../load/ask.ts'
import { type Person, people } from './same-rule.ts'

/** The same of people who have the answer already and only ask whether it still holds. */
export function unchangedAsk(known: {
  url: string
  path: string
  etags: readonly string[]
  lines?: readonly string[]
  contexts?: readonly Person[]
}): AskOneThing {
  const { url, path, etags, lines = [], contexts = people } = known
  return {
    ...{ kind: 'request', url, path, status: 304 },
    credentials: etags.map((etag) => [`if-none-match: ${etag}`, ...lines].join('\n')),
    bodies: contexts.map((context) => ({ context })),
    expect: 'etag: ',
  }
}
