import { auditAt } from '../../../ground/audit/index.ts'
import type { Scope } from '../../../ground/environment/index.ts'
import { signalAt } from '../../../ground/signals/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { DatabaseOutage, databaseNow, type DatabaseServer, type Queries } from '../../../platform/database/index.ts'
import type { Guard, Route } from '../../../platform/http/index.ts'
import type { Job } from '../../../platform/jobs.ts'
import type { Logger } from '../../../platform/log.ts'
import type { Secret } from '../../../platform/secret.ts'
import type { EvidenceSeen, NoteEvidence } from '../evidence.ts'
import type { Preflight } from '../open-providers.ts'
import type { Condition, Verdict } from '../verdict.ts'
import { openControl } from './control.ts'
import { type DecideParts, decide, LIVE_MS, PROCESSES_MAX, PROVIDERS_MAX } from './decide.ts'
import { WINDOW_MS } from './judge.ts'
import { openKeepEvidence } from './keep-evidence.ts'
import type { Ask, Target } from './probe.ts'
import * as queries from './queries.ts'
import { healthRoutes } from './routes.ts'
import { openVerdicts } from './verdicts.ts'
import { openWaking } from './wake-up.ts'
import { openWatch } from './watch-providers.ts'

const TICK_MS = 250
const FLUSH_EVERY_MS = 500
const FOLLOW_EVERY_MS = 1_000
/** Three of them fit into the time after which a process counts no more. */
const BEAT_EVERY_MS = 5_000
/** Whoever is cut off now and then is told of once. */
const CUT_OFF_FOR_MS = 10 * 60_000
const FORGET_EVERY_MS = 60_000
const EVIDENCE_KEPT_MS = 60 * 60_000
const WATCHERS_KEPT_MS = 60 * 60_000
/** A year and a month, so that one outage can be compared with that of a year ago. */
const CHANGES_KEPT_MS = 400 * 24 * 60 * 60_000
/** More than all processes write of all providers in that time. */
const FORGET_MAX = 20_000
/** Others' faults are news for two rounds. */
const NEWS_MS = 10_000

export interface OpenHealthParts {
  database: DatabaseServer
  clock: Clock
  log: Logger
  secret: Secret
  processId: string
  controlUrls: readonly string[]
  ask: Ask
  /** Those that are enabled, and where they can be asked. */
  targets(): readonly Target[]
  staff(scope: Scope, freshness?: { freshWithinMs?: number }): Guard
}

/** Whether providers can be reached. */
export interface Health extends AsyncDisposable {
  note: NoteEvidence
  preflight(provider: { id: string }): Promise<Preflight>
  verdictIn(db: Queries, providerId: string): Promise<Verdict | undefined>
  conditionIn(db: Queries, providerId: string): Promise<Condition>
  verdictOf(providerId: string): Verdict | undefined
  onVerdict(listener: (verdict: Verdict) => void): () => void
  /** When verdicts were last read; null: never. */
  readAt(): Date | null
  /** Processes whose own way out is cut off, as of the last beat of this one. */
  cutOff(): readonly queries.CutOff[]
  /** Reads what others decided and saw, and says that this process watches. */
  reload(): Promise<void>
  /** Waits for the looks under way, and for what becomes of them. */
  settled(): Promise<void>
  routes: Route[]
  jobs: Job[]
}

export function openHealth(parts: OpenHealthParts): Health {
  const { database, processId } = parts
  const inside = openInside(parts)
  const { verdicts, watch, keeping, follow, beat } = inside
  return {
    note(evidence) {
      keeping.note(evidence)
      if (evidence.outcome !== 'limited') watch.noteExchange(evidence.provider_id, evidence.outcome === 'good')
    },
    preflight: ({ id }) => watch.preflight(id),
    async verdictIn(db, id) {
      const row = await queries.verdictInForce(db, id)
      return row && inside.waking.believed(db, row)
    },
    conditionIn: (db, id) => queries.conditionOf(db, id, WINDOW_MS),
    verdictOf: verdicts.of,
    onVerdict: verdicts.onVerdict,
    readAt: verdicts.readAt,
    cutOff: inside.cutOff,
    async reload() {
      await beat()
      await follow()
    },
    async settled() {
      await watch.settled()
      await keeping.flush()
    },
    routes: healthRoutes({ ...inside.deciding, ...routesParts(parts, inside) }),
    jobs: jobsOf(inside),
    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]()
      if (!database.isAway()) await queries.leave(inside.background, processId).catch(onlyOutage)
    },
  }
}

type Inside = ReturnType<typeof openInside>

function openInside(parts: OpenHealthParts) {
  const { database, clock, log, processId } = parts
  const background = database.database('background')
  const now = () => clock.now()
  const deciding: DecideParts = { background, processId, signal: signalAt(now), audit: auditAt(now) }
  const verdicts = openVerdicts({ background, clock, log })
  const around = { live: 1, databaseAheadMs: null as number | null, cutOff: [] as readonly queries.CutOff[] }

  const keeping = openKeepEvidence({ background, clock, log, processId, onKept })
  const monotonicMs = () => clock.monotonicMs()
  const probing = { ask: parts.ask, monotonicMs, databaseAheadMs: () => around.databaseAheadMs }
  const watch = openWatch({
    ...{ ...probing, clock, log, targets: parts.targets },
    control: openControl({ ...probing, urls: parts.controlUrls }),
    stateOf: (id) => verdicts.of(id)?.state,
    live: () => around.live,
    keep: (rows, beganMs) => keeping.keep(rows.map((each) => ({ seen: each, beganMs }))),
  })

  async function decideNow(providerId: string): Promise<void> {
    const row = await decide(deciding, providerId)
    if (row) verdicts.take(row)
  }
  /** While all is well there is nothing to decide. */
  async function onKept(providerId: string, rows: readonly EvidenceSeen[]): Promise<void> {
    const isWell = rows.every(({ outcome }) => outcome === 'good')
    if (!isWell || verdicts.of(providerId)?.state !== 'healthy') await decideNow(providerId)
    // Others may have waited to hear whether this one answers.
    const waiting = verdicts.all().filter(({ state }) => state === 'suspect' || state === 'unknown')
    for (const { provider_id: id } of waiting) if (id !== providerId && watch.isNews(id)) await decideNow(id)
  }
  /** Most installations have no provider, and ask their database nothing for its sake. */
  const isIdle = () => parts.targets().length === 0 && verdicts.all().length === 0
  const waking = openWaking(deciding)
  async function follow(): Promise<void> {
    await waking.wakeUp()
    if (isIdle()) return
    await verdicts.read()
    watch.noteOthers(await queries.faultsOfOthers(background, { processId, withinMs: NEWS_MS, limit: PROVIDERS_MAX }))
    const nowMs = clock.now().getTime() + (around.databaseAheadMs ?? 0)
    for (const { provider_id: id, ordered_until: until } of verdicts.all()) {
      if (until && until.getTime() <= nowMs) await decideNow(id)
    }
  }
  async function beat(): Promise<void> {
    // Before it counts as one who watches.
    await waking.wakeUp()
    if (isIdle()) return
    await queries.beat(background, processId, CUT_OFF_FOR_MS)
    around.live = (await queries.liveProcesses(background, LIVE_MS, PROCESSES_MAX)).length
    around.databaseAheadMs = (await databaseNow(background)).getTime() - clock.now().getTime()
    around.cutOff = await queries.cutOffProcesses(background, LIVE_MS, PROCESSES_MAX)
  }
  return { background, deciding, verdicts, watch, keeping, waking, follow, beat, cutOff: () => around.cutOff }
}

function routesParts({ database, clock, log, secret, staff }: OpenHealthParts, { background, verdicts }: Inside) {
  const request = database.database('request')
  const learn = async () => {
    try {
      await verdicts.read()
    } catch (error) {
      // The order is committed, and read again every second.
      onlyOutage(error)
      log.warn({}, 'an order about a provider is known here a little later: the database is away')
    }
  }
  return { db: background, request, clock, secret, staff, learn }
}

function jobsOf({ background, watch, keeping, follow, beat }: Inside): Job[] {
  return [
    { name: 'look at providers', everyMs: TICK_MS, run: async () => watch.tick() },
    { name: 'write evidence of sign-ins', everyMs: FLUSH_EVERY_MS, run: keeping.flush },
    { name: 'follow verdicts', everyMs: FOLLOW_EVERY_MS, run: follow },
    { name: 'say who watches', everyMs: BEAT_EVERY_MS, run: beat },
    {
      name: 'forget evidence',
      everyMs: FORGET_EVERY_MS,
      async run() {
        await queries.deleteOldEvidence(background, EVIDENCE_KEPT_MS, FORGET_MAX)
        await queries.deleteOldChanges(background, CHANGES_KEPT_MS, FORGET_MAX)
        await queries.deleteOldWatchers(background, WATCHERS_KEPT_MS)
      },
    },
  ]
}

function onlyOutage(error: unknown): void {
  if (!(error instanceof DatabaseOutage)) throw error
}
