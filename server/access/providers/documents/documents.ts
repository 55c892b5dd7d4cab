import { join } from 'node:path'
import type { Clock } from '../../../platform/clock.ts'
import { type Database, DatabaseOutage } from '../../../platform/database/index.ts'
import { readFileIfThere, replaceFile } from '../../../platform/durable-file.ts'
import type { Logger } from '../../../platform/log.ts'
import { type Answered, type Egress, EgressFault, judgeClock, readJson } from '../egress/index.ts'
import type { Provider } from '../provider.ts'
import { type Discovery, discoveryUrl, judgeDiscovery } from './discovery.ts'
import { goodKeys, type Held, nothingHeld, readKeptHeld, takeDiscovery, takeKeys, toKept } from './held.ts'
import { judgeKeys, type KnownKey } from './key-set.ts'
import type { DocumentKind } from './queries.ts'
import * as queries from './queries.ts'

/** What one look at a document found; `refused`: a 4xx, which is evidence of nothing. */
export interface Look {
  outcome: 'good' | 'fault' | 'limited' | 'refused'
  fault: string | null
  detail: string | null
  tookMs: number
  /** Where something came back at all. */
  tls: Answered['tls'] | null
}

/** The last known good discovery documents and keys: in memory, on disk and in PostgreSQL. */
export interface Documents {
  discovery(provider: Provider): Discovery | undefined
  goodKeys(provider: Provider): KnownKey[]
  /** A key of this name was taken away. */
  isWithdrawn(provider: Provider, kid: string): boolean
  /** Fetches it now, takes it when it is good, and never throws. Those who ask at once share one look. */
  look(provider: Provider, kind: DocumentKind, deadlineMs?: number): Promise<Look>
  /** As long as the last look is younger than that, its answer; otherwise a new one. */
  lookAtMostEvery(provider: Provider, kind: DocumentKind, everyMs: number): Promise<Look>
  /** For a token whose key nobody knows: once, however new the set that is held, and then not again for five seconds. */
  lookForKey(provider: Provider): Promise<Look>
  fetchedAt(provider: Provider): { discovery: Date | null; keys: Date | null }
  /** Forgets providers that are none of these. */
  reload(providerIds: readonly string[]): Promise<void>
}

export interface DocumentsOptions {
  db: Database
  clock: Clock
  log: Logger
  egress: Egress
  folder: string
  /** Told in the transaction that keeps the newer set. */
  onWithdrawn(db: Parameters<typeof queries.keepKeys>[0], providerId: string, kids: (string | null)[]): Promise<void>
}

export const LOOK_MS = 5_000
const KEY_COOL_DOWN_MS = 5_000
/** Unchanged documents are not written more often than this: every process looks, and one row is enough. */
const KEEP_EVERY_MS = 60_000

export async function openDocuments(options: DocumentsOptions): Promise<Documents> {
  const { db, clock } = options
  const store = await openHeld(options)
  const { of } = store
  const underWay = new Map<string, Promise<Look>>()
  const last = new Map<string, { look: Look; atMs: number }>()
  const forKey = new Map<string, { look: Promise<Look>; atMs: number }>()

  const look: Documents['look'] = (provider, kind, deadlineMs = LOOK_MS) => {
    const key = `${provider.id} ${provider.version} ${kind}`
    const other = underWay.get(key)
    if (other) return other
    const mine = lookNow(options, store, { provider, kind, deadlineMs }).then((found) => {
      last.set(`${provider.id} ${kind}`, { look: found, atMs: clock.monotonicMs() })
      return found
    })
    underWay.set(key, mine)
    return mine.finally(() => underWay.delete(key))
  }

  return {
    discovery: (provider) => of(provider).discovery?.body,
    goodKeys: (provider) => goodKeys(of(provider), { now: clock.now(), goodForMs: provider.keys_good_for_ms }),
    isWithdrawn: (provider, kid) => [...of(provider).withdrawn.values()].includes(kid),
    look,
    async lookAtMostEvery(provider, kind, everyMs) {
      const before = last.get(`${provider.id} ${kind}`)
      const isYoung = before && clock.monotonicMs() - before.atMs < everyMs
      return isYoung ? before.look : look(provider, kind)
    },
    lookForKey(provider) {
      const before = forKey.get(provider.id)
      if (before && clock.monotonicMs() - before.atMs < KEY_COOL_DOWN_MS) return before.look
      const mine = look(provider, 'keys')
      forKey.set(provider.id, { look: mine, atMs: clock.monotonicMs() })
      return mine
    },
    fetchedAt(provider) {
      const mine = of(provider)
      return { discovery: mine.discovery?.fetchedAt ?? null, keys: mine.keys?.fetchedAt ?? null }
    },
    async reload(providerIds) {
      const there = new Set(providerIds)
      for (const id of store.held.keys()) if (!there.has(id)) store.held.delete(id)
      for (const id of forKey.keys()) if (!there.has(id)) forKey.delete(id)
      for (const key of last.keys()) if (!there.has(key.split(' ', 1)[0]!)) last.delete(key)
      await readNewer(db, store.held)
      await store.keepOnDisk()
    },
  }
}

interface HeldStore {
  held: Map<string, Held>
  /** With another issuer it is another provider: nothing that was held holds. */
  of(provider: Provider): Held
  keepOnDisk(): Promise<void>
}

async function openHeld({ folder, log }: DocumentsOptions): Promise<HeldStore> {
  const file = join(folder, 'provider-documents.json')
  let keptText = (await readFileIfThere(file)) ?? '[]'
  const kept = readKeptHeld(keptText)
  if (!kept) log.warn({ file }, 'the kept documents of providers are damaged; they are fetched anew')
  const held = kept ?? new Map<string, Held>()
  return {
    held,
    of(provider) {
      const known = held.get(provider.id)
      if (known?.issuer === provider.issuer) return known
      const fresh = nothingHeld(provider.issuer)
      held.set(provider.id, fresh)
      return fresh
    },
    async keepOnDisk() {
      const now = JSON.stringify(toKept(held))
      if (now === keptText) return
      await replaceFile(file, now)
      keptText = now
    },
  }
}

interface Looking {
  provider: Provider
  kind: DocumentKind
  deadlineMs: number
}

async function lookNow(options: DocumentsOptions, store: HeldStore, looking: Looking): Promise<Look> {
  const { clock, egress } = options
  const { provider, kind, deadlineMs } = looking
  const url = kind === 'discovery' ? discoveryUrl(provider.issuer) : store.of(provider).discovery?.body.jwks_uri
  if (!url) return failed(new EgressFault('malformed', 'its discovery document was never read'), 0, null)
  const beganMs = clock.monotonicMs()
  let answered: Answered | undefined
  try {
    const at = clock.now()
    answered = await egress.ask({ url, headers: { accept: 'application/json' }, deadlineMs })
    await adopt(options, store, { provider, kind, body: readJson(answered), at })
    judgeClock(answered)
    return { outcome: 'good', fault: null, detail: null, tookMs: answered.tookMs, tls: answered.tls }
  } catch (error) {
    if (!(error instanceof EgressFault)) throw error
    return failed(error, Math.round(clock.monotonicMs() - beganMs), answered?.tls ?? null)
  }
}

interface Adopting {
  provider: Provider
  kind: DocumentKind
  body: Record<string, unknown>
  at: Date
}

/** Takes what is good, here and for everybody; what is not is a fault, and takes nothing away. */
async function adopt(options: DocumentsOptions, store: HeldStore, { provider, kind, body, at }: Adopting) {
  const mine = store.of(provider)
  const before = mine[kind]
  if (kind === 'discovery') takeDiscovery(mine, judgeDiscovery(body, provider), at)
  else takeKeys(mine, await judgeKeys(body), at)
  const taken = mine[kind]!
  const isSame = JSON.stringify(before?.body) === JSON.stringify(taken.body)
  if (before && isSame && at.getTime() - before.fetchedAt.getTime() < KEEP_EVERY_MS) {
    // Its age is told from what was written, here and everywhere.
    taken.fetchedAt = before.fetchedAt
    return
  }
  await keep(options, provider, kind, taken).catch(onlyOutage(options.log))
  await store.keepOnDisk()
}

async function keep(
  { db, onWithdrawn }: DocumentsOptions,
  { id, issuer }: Provider,
  kind: DocumentKind,
  { body, fetchedAt }: NonNullable<Held[DocumentKind]>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const said = { providerId: id, issuer, kind, body: { issuer, of: body }, fetchedAt }
    const isKept = await queries.keepDocument(tx, said)
    if (!isKept || kind !== 'keys') return
    const keys = body as KnownKey[]
    await queries.keepKeys(tx, id, keys, fetchedAt)
    const shown = keys.map(({ thumbprint }) => thumbprint)
    const gone = await queries.withdrawOthers(tx, id, shown, fetchedAt)
    const kids = gone.map(({ kid }) => kid)
    if (kids.length > 0) await onWithdrawn(tx, id, kids)
  })
}

function failed(error: EgressFault, tookMs: number, tls: Look['tls']): Look {
  const { fault, message } = error
  const outcome = fault === 'limited' ? 'limited' : fault === 'status-4xx' ? 'refused' : 'fault'
  return { outcome, fault, detail: message, tookMs, tls }
}

/** What another process has fetched since. */
async function readNewer(db: Database, held: Map<string, Held>): Promise<void> {
  const times = await queries.documentTimes(db)
  const isNews = ({ provider_id, kind, fetched_at }: (typeof times)[number]) => {
    const mine = held.get(provider_id)?.[kind]
    return !mine || mine.fetchedAt < fetched_at
  }
  const newKeys = times.filter((each) => each.kind === 'keys' && isNews(each))
  const ids = [...new Set(times.filter(isNews).map(({ provider_id }) => provider_id))]
  if (ids.length === 0) return
  const [rows, withdrawn] = await Promise.all([queries.documentsOf(db, ids), queries.withdrawnKeys(db, ids)])
  for (const row of rows) {
    const { of: body, issuer } = row.body as { of: unknown; issuer: string }
    const known = held.get(row.provider_id)
    const mine = known?.issuer === issuer ? known : nothingHeld(issuer)
    held.set(row.provider_id, mine)
    if (row.kind === 'discovery') takeDiscovery(mine, body as Discovery, row.fetched_at)
    else takeKeys(mine, body as KnownKey[], row.fetched_at)
  }
  // As the database has it: one that was taken for withdrawn may have been reinstated.
  // What is newer here than there is not in it yet, and stays.
  for (const { provider_id } of newKeys) held.get(provider_id)?.withdrawn.clear()
  for (const { provider_id, thumbprint, kid } of withdrawn) held.get(provider_id)?.withdrawn.set(thumbprint, kid)
}

/** What could not be written is held here, and written with the next look. */
const onlyOutage = (log: Logger) => (error: unknown) => {
  if (!(error instanceof DatabaseOutage)) throw error
  log.debug({}, 'a document of a provider is not in the database yet: it is away')
}
