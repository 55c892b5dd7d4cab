import type { Clock } from '../../../platform/clock.ts'
import { sameDigest, type Secret } from '../../../platform/secret.ts'
import type { Asker } from './parts.ts'

export const STREAM_PATH = '/ofrep/v1/event-stream'
/** An address is the same for an hour, so that answers stay byte-equal, and good for one more. */
export const WINDOW_MS = 60 * 60_000
const PURPOSE = 'ofrep event stream'
const SECRET = /^(application|machine|browser)\.([A-Za-z0-9_-]{1,64})\.(\d{1,9})\.([A-Za-z0-9_-]{43})$/
/** Askers are applications and tokens: an installation has dozens. */
const ADDRESSES_MAX = 1000

export interface StreamAddress {
  /** Path and query. A secret: it is never written into a log. */
  uri: string
  /** A few characters that change with it, for the entity tag. */
  mark: string
}

/**
 * Where somebody listens for changes. An EventSource sends no headers, so the address itself says who may: it is signed with
 * the installation's secret, which every access process knows, and opens this stream only, which tells numbers only.
 */
export interface StreamAddresses {
  of(asker: Asker): StreamAddress
  /** Undefined: not one of ours, or too old. */
  read(secret: string): Asker | undefined
}

export function openStreamAddresses({ clock, secret }: { clock: Clock; secret: Secret }): StreamAddresses {
  const made = new Map<string, StreamAddress & { window: number }>()
  const windowNow = () => Math.floor(clock.now().getTime() / WINDOW_MS)
  const sign = (said: string) => secret.hmac(PURPOSE, said)
  return {
    of({ kind, id }) {
      const window = windowNow()
      const known = made.get(id)
      if (known?.window === window) return known
      const said = `${kind}.${id}.${window}`
      const signature = sign(said).toString('base64url')
      const address = { uri: `${STREAM_PATH}?secret=${said}.${signature}`, mark: signature.slice(0, 8), window }
      made.delete(id)
      made.set(id, address)
      if (made.size > ADDRESSES_MAX) made.delete(made.keys().next().value!)
      return address
    },
    read(text) {
      const [, kind, id, window, signature] = SECRET.exec(text) ?? []
      if (!kind || !id || !signature) return undefined
      const age = windowNow() - Number(window)
      const isOurs = sameDigest(sign(`${kind}.${id}.${window}`), Buffer.from(signature, 'base64url'))
      // One window ahead: clocks of processes differ.
      return isOurs && age >= -1 && age <= 1 ? { kind: kind as Asker['kind'], id } : undefined
    },
  }
}
