import type { AskOneThing } from '../load/ask.ts'
import { BULK_FLAGS, KEY, type Person, people } from './same-rule.ts'

export interface BulkAsk {
  url: string
  path: string
  /** Header lines of everybody. */
  lines?: readonly string[]
  contexts?: readonly Person[]
}

/** All flags of one person after the other, as OFREP asks for them; the last of them has to be in the answer. */
export function bulkAsk({ url, path, lines = [], contexts = people }: BulkAsk): AskOneThing {
  return {
    ...{ kind: 'request', url, path },
    credentials: contexts.map(() => ['accept: */*', ...lines].join('\n')),
    bodies: contexts.map((context) => ({ context })),
    expect: `"${KEY}-${BULK_FLAGS - 1}"`,
  }
}
