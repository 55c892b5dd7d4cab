import type { AskOneThing } from '../load/ask.ts'
import type { BulkAsk } from './bulk-ask.ts'
import { people } from './same-rule.ts'

/** The same of people who have the answer already and only ask whether it still holds. */
export function unchangedAsk(known: BulkAsk & { etags: readonly string[] }): AskOneThing {
  const { url, path, etags, lines = [], contexts = people } = known
  return {
    ...{ kind: 'request', url, path, status: 304 },
    credentials: etags.map((etag) => [`if-none-match: ${etag}`, ...lines].join('\n')),
    bodies: contexts.map((context) => ({ context })),
    expect: 'etag: ',
  }
}
