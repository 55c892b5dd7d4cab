import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import type { DocumentKind } from './queries.ts'

/** Discovery hardly ever changes; a key that was taken away should be known as such soon. */
const AGE_MAX_MS: Readonly<Record<DocumentKind, number>> = { discovery: 10 * 60_000, keys: 5 * 60_000 }
/** Of what does not answer: not more often. */
const AGAIN_MS = 30_000
/** Providers looked at side by side; a look takes five seconds at most. */
const AT_ONCE_MAX = 8

/** Fetches what is older than it should be. In an outage of the provider the last known good stays. */
export async function keepDocuments(parts: Parts): Promise<void> {
  const waiting = [...parts.known.all()]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await keepDocumentsOf(parts, next)
  }
  await Promise.all(Array.from({ length: AT_ONCE_MAX }, work))
}

async function keepDocumentsOf({ documents, clock }: Parts, provider: Provider): Promise<void> {
  for (const kind of ['discovery', 'keys'] as const) {
    const at = documents.fetchedAt(provider)[kind]
    const isOld = !at || clock.now().getTime() - at.getTime() > AGE_MAX_MS[kind]
    if (isOld) await documents.lookAtMostEvery(provider, kind, AGAIN_MS)
  }
}
