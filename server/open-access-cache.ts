import type { Sessions } from './access/sessions/index.ts'
import type { Config } from './config.ts'
import type { Stamp } from './ground/environment/index.ts'
import type { Dependency, openMetrics } from './ground/health/index.ts'
import { signalAt } from './ground/signals/index.ts'
import { type Cache, type LinkHealth, openCache, readCacheUrl } from './platform/cache/index.ts'
import type { Clock } from './platform/clock.ts'
import { type Database, DatabaseOutage } from './platform/database/index.ts'
import type { Logger } from './platform/log.ts'

/** The same for every installation, so that two of them meet at it. */
export const CACHE_STAMP_KEY = 'holdfast:stamp'

/** What an installation keeps there begins with its id. */
export const cachePrefix = (stamp: () => Stamp | undefined) => () => `hf:${stamp()?.installationId ?? 'none'}`

export const cacheStampText = ({ environment, installationId }: Stamp) =>
  JSON.stringify({ environment, installation_id: installationId })

/** The cache of HOLDFAST_VALKEY_URL; a start does not wait for it. Undefined: none is set. */
export function openAccessCache(options: {
  config: Pick<Config, 'valkeyUrl' | 'environment'>
  clock: Clock
  log: Logger
  background: Database
  stamp(): Stamp | undefined
}): Cache | undefined {
  const { config, clock, log, background, stamp } = options
  if (config.valkeyUrl === null) return undefined
  const signal = signalAt(() => clock.now())

  async function tell(found: string): Promise<void> {
    const sentence = sentenceOfForeign(found, config.environment)
    log.error({ found: ownerIn(found) }, `the cache is not used: ${sentence}`)
    try {
      await signal(background, { kind: 'cache.foreign', subject: 'cache', facts: { sentence } })
    } catch (error) {
      // The log and /readyz say it all the same.
      if (!(error instanceof DatabaseOutage)) throw error
    }
  }

  return openCache({
    target: readCacheUrl(config.valkeyUrl),
    name: `holdfast-access-${process.pid}`,
    clock,
    log,
    stamp: {
      key: CACHE_STAMP_KEY,
      read() {
        const ours = stamp()
        return ours && cacheStampText(ours)
      },
    },
    onForeign: (found) => void tell(found),
  })
}

/** Both names in one line. What stands there may be anybody's: only what looks like a name is repeated. */
export function sentenceOfForeign(found: string, environment: string): string {
  const owner = ownerIn(found)
  const theirs = owner
    ? `the environment "${owner.environment}" (installation ${owner.installationId})`
    : 'somebody who is not Holdfast'
  return `it belongs to ${theirs}, and this is "${environment}". Give each installation a Valkey of its own.`
}

function ownerIn(text: string): Stamp | undefined {
  const [, environment, installationId] =
    text.match(/^\{"environment":"([a-z0-9-]{1,40})","installation_id":"([a-z0-9_]{1,60})"\}$/) ?? []
  return environment && installationId ? { environment, installationId } : undefined
}

const effects: Record<LinkHealth['why'], string> = {
  answers: 'Valkey answers.',
  'not-asked': 'Valkey was not asked yet.',
  away: 'Valkey does not answer. Everything goes on, from PostgreSQL; nobody is signed out.',
  slow: 'Valkey is slower than PostgreSQL and left alone for a while. Everything goes on; nobody is signed out.',
  refused: 'Valkey refuses us',
  full: 'Valkey is full and takes nothing new: set maxmemory-policy to volatile-lfu. Everything goes on; nobody is signed out.',
  foreign: 'Valkey is not used',
}

/** Told, and no reason to call the installation unready. */
export function cacheDependency({ health }: Pick<Cache, 'health'>, environment: string): Dependency {
  const { state, why, since, seenAt, found } = health
  const told =
    why === 'foreign'
      ? `: ${sentenceOfForeign(found ?? '', environment)}`
      : why === 'refused'
        ? `: ${found}. Everything goes on, from PostgreSQL.`
        : ''
  return { name: 'cache', state, since, seenAt, detail: `${effects[why]}${told}`, isOptional: true }
}

export function countCache(metrics: ReturnType<typeof openMetrics>, cache: Cache, sessions: Sessions): void {
  const { gauge, counter } = metrics
  const figures = () => cache.figures()
  const shared = () => sessions.figures().shared
  gauge('cache_away', '1 while the cache is not asked', () => Number(cache.breaker !== 'closed'))
  counter('cache_hits', 'Keys read and found', () => figures().hits)
  counter('cache_misses', 'Keys read and not found', () => figures().misses)
  counter('cache_unasked', 'Reads while the cache was away or busy', () => figures().unasked)
  counter('cache_failed', 'Reads that got no answer in time', () => figures().failed)
  counter('cache_written', 'Writes taken', () => figures().written)
  counter('cache_refused', 'Writes that a full or failing cache did not take', () => figures().refused)
  counter('cache_dropped', 'Writes not sent, because too much was under way', () => figures().dropped)
  counter('cache_wipes', 'How often our stamp was gone and put again', () => figures().wipes)
  counter('cache_openings', 'How often the cache was given up for a while', () => figures().openings)
  counter('shared_sessions_found', 'Sessions that another process had read', () => shared()?.found ?? 0)
  counter('shared_sessions_damaged', 'Entries forged, torn or of another secret', () => shared()?.damaged ?? 0)
  counter('shared_sessions_passed_over', 'Entries too old, or changed meanwhile', () => shared()?.passedOver ?? 0)
}
