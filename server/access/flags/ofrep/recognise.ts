import { Refusal } from '../../../platform/refusal.ts'
import type { Asker, Parts } from './parts.ts'
import { refuse } from './refusals.ts'

/** The headers that say who asks. */
interface Shown {
  authorization?: string | undefined
  'x-api-key'?: string | string[] | undefined
  origin?: string | undefined
}

const APPLICATION_KEY = /^hf_[a-z0-9-]+_app_/
const BEARER = /^Bearer (\S{1,128})$/i
const PLAIN = /^\S{1,128}$/

/**
 * Who asks, from memory alone; undefined: it has to be looked up. Keys of applications and tokens that may ask flags lie in
 * memory and on disk, so that this is nearly always all there is to it.
 */
export function recogniseAtOnce(parts: Parts, shown: Shown): Asker | undefined {
  const text = textOf(shown)
  if (!APPLICATION_KEY.test(text)) return parts.tokens.findAtOnce({ text, origin: shown.origin })
  try {
    return applicationOf(parts, text)
  } catch (error) {
    if (isUnknownKey(error)) return undefined
    throw error
  }
}

/** As `recogniseAtOnce`, and asks the database before it says that something is not known: an outage refuses nobody. */
export async function recognise(parts: Parts, shown: Shown): Promise<Asker> {
  const text = textOf(shown)
  if (!APPLICATION_KEY.test(text)) return parts.tokens.find({ text, origin: shown.origin })
  try {
    return applicationOf(parts, text)
  } catch (error) {
    if (!isUnknownKey(error)) throw error
    await readOn(parts)
    return applicationOf(parts, text)
  }
}

function textOf({ authorization, 'x-api-key': key }: Shown): string {
  const text = BEARER.exec(authorization ?? '')?.[1] ?? (typeof key === 'string' && PLAIN.test(key) ? key : undefined)
  if (text === undefined) throw refuse('no_token')
  return text
}

function applicationOf({ applications }: Parts, text: string): Asker {
  return { kind: 'application', id: applications.authenticate(`Bearer ${text}`).id }
}

const isUnknownKey = (error: unknown) => error instanceof Refusal && error.code === 'applications.key_unknown'

const readings = new WeakMap<object, Promise<void>>()

/** One reading for all that wait: strangers who make up keys must not keep the database busy. */
function readOn({ applications }: Parts): Promise<void> {
  const under = readings.get(applications)
  if (under) return under
  const reading = applications.reload().finally(() => readings.delete(applications))
  readings.set(applications, reading)
  return reading
}
