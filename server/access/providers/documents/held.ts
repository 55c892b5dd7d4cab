import type { Discovery } from './discovery.ts'
import type { KnownKey } from './key-set.ts'

/** What is held of one provider: the last documents that were good, whoever fetched them. */
export interface Held {
  /** What they were fetched for. */
  issuer: string
  discovery: { body: Discovery; fetchedAt: Date } | null
  keys: { body: KnownKey[]; fetchedAt: Date } | null
  /** By thumbprint; the value is its `kid`. */
  withdrawn: Map<string, string | null>
}

export const nothingHeld = (issuer: string): Held => ({ issuer, discovery: null, keys: null, withdrawn: new Map() })

/** Takes a key set that is newer than the held one; what was in the held one and is not in this is withdrawn. */
export function takeKeys(held: Held, body: KnownKey[], fetchedAt: Date): void {
  if (held.keys && held.keys.fetchedAt >= fetchedAt) return
  const shown = new Set(body.map(({ thumbprint }) => thumbprint))
  for (const { thumbprint, jwk } of held.keys?.body ?? []) {
    if (!shown.has(thumbprint)) held.withdrawn.set(thumbprint, jwk.kid ?? null)
  }
  held.keys = { body, fetchedAt }
}

export function takeDiscovery(held: Held, body: Discovery, fetchedAt: Date): void {
  if (held.discovery && held.discovery.fetchedAt >= fetchedAt) return
  held.discovery = { body, fetchedAt }
}

/** Those in the newest good set that were never withdrawn, as long as that set is not older than it may be. */
export function goodKeys(held: Held | undefined, { now, goodForMs }: { now: Date; goodForMs: number }): KnownKey[] {
  if (!held?.keys || now.getTime() - held.keys.fetchedAt.getTime() > goodForMs) return []
  return held.keys.body.filter(({ thumbprint }) => !held.withdrawn.has(thumbprint))
}

export interface KeptHeld extends Omit<Held, 'withdrawn'> {
  provider_id: string
  withdrawn: [string, string | null][]
}

export const toKept = (held: ReadonlyMap<string, Held>): KeptHeld[] =>
  [...held].map(([provider_id, each]) => ({ ...each, provider_id, withdrawn: [...each.withdrawn] }))

/** Undefined: damaged. */
export function readKeptHeld(text: string): Map<string, Held> | undefined {
  try {
    const kept = JSON.parse(text) as KeptHeld[]
    return new Map(
      kept.map(({ provider_id, issuer, discovery, keys, withdrawn }) => [
        provider_id,
        { issuer, discovery: dated(discovery), keys: dated(keys), withdrawn: new Map(withdrawn) },
      ]),
    )
  } catch {
    // Not ours, or half of one: the caller says so.
    return undefined
  }
}

const dated = <Body>(document: { body: Body; fetchedAt: Date } | null) =>
  document && { body: document.body, fetchedAt: new Date(document.fetchedAt) }
