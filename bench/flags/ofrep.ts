import type { Running, Scene } from '../contestant.ts'
import { type BulkAsk, bulkAsk } from './bulk-ask.ts'
import { type Person, people } from './same-rule.ts'
import { unchangedAsk } from './unchanged-ask.ts'

/** Access keeps the answers of a thousand; half of that are people who come again. */
const KNOWN_PEOPLE = 500
const ANSWER_DEADLINE_MS = 10_000
const AT_ONCE = 16
const PATH = '/ofrep/v1/evaluate/flags'

/** Twice as many as access keeps answers of, one after the other: nobody's is remembered when they come again. */
export const strangers: readonly Person[] = people
export const known: readonly Person[] = people.slice(0, KNOWN_PEOPLE)

/** All flags of everybody, in full. */
export async function askInFull(scene: Scene, contexts: readonly Person[]): Promise<Running> {
  const { url, applicationKey, roots } = await scene.flags()
  return { ask: bulkAsk({ url, path: PATH, lines: linesOf(applicationKey), contexts }), roots }
}

/** The same of people who hold the answer and say so. */
export async function askUnchanged(scene: Scene, contexts: readonly Person[]): Promise<Running> {
  const { url, applicationKey, roots } = await scene.flags()
  const asked = { url, path: PATH, lines: linesOf(applicationKey), contexts }
  return { ask: unchangedAsk({ ...asked, etags: await etagsOf(asked, applicationKey) }), roots }
}

const linesOf = (key: string) => [`authorization: Bearer ${key}`]

async function etagsOf({ url, path, contexts = people }: BulkAsk, key: string): Promise<string[]> {
  const etags: string[] = []
  let next = 0
  const lane = async () => {
    for (let at = next++; at < contexts.length; at = next++) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ context: contexts[at] }),
        signal: AbortSignal.timeout(ANSWER_DEADLINE_MS),
      })
      const said = await answer.text()
      const etag = answer.headers.get('etag')
      if (!etag) throw new Error(`OFREP was answered ${answer.status} without an ETag: ${said.slice(0, 300)}`)
      etags[at] = etag
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return etags
}
