import { hostname } from 'node:os'
import { compareNumbers } from '../../../../sdk/flags/snapshot.ts'
import type { Signal } from '../../../ground/signals/index.ts'
import { signalsAbout } from '../../../ground/signals/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/database/index.ts'
import { newSecret } from '../../../platform/id.ts'
import type { FlagNumber } from '../entry.ts'
import { STRANGERS } from '../following/queries.ts'
import type { Current } from '../following/served.ts'
import { refuse } from '../refusals.ts'
import { type Claim, openClaims } from './claims.ts'
import * as queries from './queries.ts'

/** A process that evaluates flags, as it last told of itself. */
export interface FleetMember extends FlagNumber {
  /** `app_…`; `access`: a process of access itself. */
  application: string
  instance: string
  source: string
  age_ms: number | null
  /** Since its report before: how often a caller's own default was the answer, by flag. */
  fallbacks: Record<string, number>
  /** What it does not follow, and why. */
  faults: FleetFault[]
  /** Of the greatest list of signing keys that it has seen; null: it did not say. */
  key_list_number: number | null
  reported_at: Date | string
}

export interface FleetFault {
  code: string
  detail: string
  /** What is gone without a tombstone. */
  missing?: { kind: 'flag' | 'evaluator'; key: string }[] | undefined
}

export type Report = Omit<FleetMember, 'application' | 'reported_at'>

export interface Fleet {
  /** `holds`: of a client that does not follow. */
  take(application: string, report: Report, holds?: Claim): Promise<void>
  /** What this process of access serves. */
  noteOwn(current: Current): void
  /** Everybody who has told of themselves lately, the furthest behind first. */
  list(): Promise<FleetMember[]>
  flush(): Promise<void>
  forget(): Promise<number>
}

/** Each reports once a minute; who has not for so long is gone. */
const GONE_MS = 5 * 60_000
const FORGOTTEN_MS = 24 * 60 * 60_000
const FORGET_MAX = 5000
/** About 1 kB each. More processes than this have another way to be watched. */
const MEMBERS_MAX = 5000
/** No restore leaps so far: a number beyond is made up, and must not use the numbers up. */
const EPOCHS_AHEAD_MAX = 1000
const FALLBACK_SIGNAL = 'flags.fallback-served'
const SIGNAL_EVERY_MS = 60_000
const SIGNALS_READ = 20
const KEYS_SAID = 20

export interface FleetOptions {
  db: Database
  background: Database
  clock: Clock
  signal: Signal
  current(): Current | undefined
}

/** Kept in memory, and written together: a thousand processes that report must not be a thousand writes. */
export function openFleet({ db, background, clock, signal, current }: FleetOptions): Fleet {
  const own = `${hostname()}:${process.pid}:${newSecret().slice(0, 4)}`
  const waiting = new Map<string, FleetMember>()
  const claims = openClaims(background)
  const note = (member: FleetMember) => {
    const name = `${member.application}\n${member.instance}`
    if (!waiting.has(name) && waiting.size >= MEMBERS_MAX) throw refuse('too_many_reports', { max: MEMBERS_MAX })
    waiting.set(name, member)
  }

  async function flush(): Promise<void> {
    const members = [...waiting.values()]
    if (members.length > 0) await queries.putReports(background, members)
    for (const member of members) {
      const name = `${member.application}\n${member.instance}`
      if (waiting.get(name) === member) waiting.delete(name)
    }
    await claims.flush(clock.now())
  }

  return {
    async take(application, told, toldHolds) {
      const [report, holds] = [storable(told), storable(toldHolds)]
      const limit = (current()?.epoch ?? 1) + EPOCHS_AHEAD_MAX
      if (report.epoch > limit) throw refuse('bad_report', { says: `No epoch above ${limit} can have been delivered.` })
      note({ ...report, application, reported_at: clock.now() })
      if (holds && !report.faults.some(({ code }) => STRANGERS.includes(code))) claims.note(holds)
      // A database that was set back must not issue another number before it has heard of this one.
      const known = current()
      if (known && compareNumbers(report, known) > 0) await flush()
      if (Object.keys(report.fallbacks).length > 0) {
        await tellFallbacks({ background, clock, signal }, { ...report, application })
      }
    },
    noteOwn({ epoch, seq, source, ageMs }) {
      const age = ageMs()
      const member = {
        application: 'access',
        instance: own,
        epoch,
        seq,
        source,
        fallbacks: {},
        faults: [],
        key_list_number: null,
      }
      note({ ...member, age_ms: age === null ? null : Math.round(age), reported_at: clock.now() })
    },
    async list() {
      const since = new Date(clock.now().getTime() - GONE_MS)
      const written = await queries.listReports(db, since, MEMBERS_MAX)
      const members = new Map(written.map((each) => [`${each.application}\n${each.instance}`, each]))
      for (const [name, member] of waiting) members.set(name, member)
      return [...members.values()].sort(compareNumbers)
    },
    flush,
    async forget() {
      const before = new Date(clock.now().getTime() - FORGOTTEN_MS)
      await queries.forgetClaims(background, before)
      return queries.forgetReports(background, before, FORGET_MAX)
    },
  }
}

/** A default where an answer should have been is what somebody must know of; once a minute an application is enough. */
async function tellFallbacks(
  { background, clock, signal }: Pick<FleetOptions, 'background' | 'clock' | 'signal'>,
  { application, instance, fallbacks }: Report & { application: string },
): Promise<void> {
  const since = clock.now().getTime() - SIGNAL_EVERY_MS
  await background.transaction(async (tx) => {
    const told = await signalsAbout(tx, application, SIGNALS_READ)
    if (told.some(({ kind, at }) => kind === FALLBACK_SIGNAL && at.getTime() > since)) return
    const served = Object.values(fallbacks).reduce((sum, count) => sum + count, 0)
    const keys = Object.keys(fallbacks).slice(0, KEYS_SAID)
    await signal(tx, { kind: FALLBACK_SIGNAL, subject: application, facts: { instance, served, keys } })
  })
}

/**
 * PostgreSQL's JSON has no NUL and no half of a pair of surrogates. Reports are written together: one text with either would
 * keep all of them from being written, and with them the numbers by which a database that was set back is known.
 */
function storable<Said>(said: Said): Said {
  return cleaned(said) as Said
}

function cleaned(said: unknown): unknown {
  if (typeof said === 'string') return said.toWellFormed().replaceAll('\0', '\ufffd')
  if (typeof said !== 'object' || said === null) return said
  if (Array.isArray(said)) return said.map(cleaned)
  return Object.fromEntries(Object.entries(said).map(([name, each]) => [cleaned(name), cleaned(each)]))
}
