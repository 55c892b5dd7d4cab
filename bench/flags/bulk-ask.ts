import type { AskOneThing } from '../load/ask.ts'
import { BULK_FLAGS, KEY, people } from './same-rule.ts'

/** All flags of one person after the other, as OFREP asks for them; the last of them has to be in the answer. */
export function bulkAsk({
  url,
  path,
  lines = [],
}: {
  url: string
  path: string
  lines?: readonly string[]
}): AskOneThing {
  return {
    ...{ kind: 'request', url, path },
    credentials: people.map(() => ['accept: */*', ...lines].join('\n')),
    bodies: people.map((context) => ({ context })),
    expect: `"${KEY}-${BULK_FLAGS - 1}"`,
  }
}
