import type { EvidenceKind } from '../evidence.ts'
import type { ProviderState, Verdict, Why } from '../verdict.ts'
import { areApart, type Evidence, isBad, newestOfEach, processesOf, type Round, roundsOf } from './rounds.ts'
import { sayAnswers, sayBack, sayOutage, sayOwnNetwork, sayRecovering, saySuspect, tally } from './why.ts'
import { witnessesOf } from './witnesses.ts'

/** What is looked at of the past: more than two rounds of the slowest rhythm. */
export const WINDOW_MS = 60_000
/** Real sign-ins are rarer than looks. */
export const EXCHANGE_WINDOW_MS = 2 * 60_000
/** In this time both rounds have to lie that speak against a provider, and after it a single fault is forgotten. */
export const FAULT_WINDOW_MS = 30_000
/** What lasts less is a hiccup. */
export const APART_MS = 5_000
/** For how long it has to be well before people are sent back. */
export const RECOVER_MS = 60_000
/** Whoever falls again soon after has to be well for twice as long as the last time, up to this. */
export const RECOVER_MAX_MS = 8 * 60_000
const SOON_MS = 10 * 60_000
/** Two that fell within this fell together; one that was down long before says nothing about our network today. */
const TOGETHER_MS = 5 * 60_000
/** Witnesses that are enough to say that it is not well yet; one of many may have a way of its own that is broken. */
const WITNESSES = 2

export interface VerdictRow extends Verdict {
  /** For how long it has to be well this time. */
  recover_ms: number
}

/** Another provider that is enabled. */
export interface Other {
  provider_id: string
  open_since: Date | null
  /** When a live process last saw something of it answer, and fail, within the window. */
  good_at: Date | null
  fault_at: Date | null
}

export interface Look {
  before: VerdictRow | undefined
  /** Of this provider: the window's, and sign-ins of their own window. */
  evidence: readonly Evidence[]
  /** Processes that watch now. */
  live: readonly string[]
  others: readonly Other[]
  /** The database's clock. */
  now: Date
}

/** What the row says next. */
export interface Judged {
  state: ProviderState
  since: Date
  open_since: Date | null
  closed_at: Date | null
  recover_ms: number
  why: Why
}

/** The picture that a judgement is made of. */
interface Seen extends Look {
  nowMs: number
  /** Of live processes, oldest first, without real sign-ins. */
  rounds: readonly Round[]
  exchanges: readonly Round[]
  /** The newest round of each live process. */
  newest: readonly Round[]
  /** Of them, those whose own way out is broken. */
  cutOff: ReadonlySet<string>
}

/**
 * What is held of a provider from now on. Pure: the same rows give the same answer in every process. Two rules carry it:
 * nothing that a stranger can send makes a provider look down, and while our own network is in doubt nothing does.
 */
export function judge(look: Look): Judged {
  const whole = see(look)
  if (look.before?.open_since) return judgeOpen(hear(whole), look.before)
  // With most of us cut off it is our own network, and one that is not does not open anything by itself.
  const isMost = whole.cutOff.size * 2 > look.live.length
  return judgeClosed(isMost ? whole : hear(whole))
}

/** Live processes whose way out is broken, while another one's is not. */
export const cutOffOf = (look: Look): ReadonlySet<string> => see(look).cutOff

function see(look: Look): Seen {
  const nowMs = look.now.getTime()
  const live = new Set(look.live)
  const known = look.evidence.filter((each) => live.has(each.process_id))
  const within = (ms: number) => (round: Round) => round.atMs > nowMs - ms
  const rounds = roundsOf(known.filter(({ kind }) => kind !== 'exchange')).filter(within(WINDOW_MS))
  const exchanges = roundsOf(known.filter(({ kind }) => kind === 'exchange')).filter(within(EXCHANGE_WINDOW_MS))
  const { cutOff } = witnessesOf(rounds)
  return { ...look, nowMs, rounds, exchanges, newest: newestOfEach(rounds), cutOff }
}

/** Without whoever cannot be a witness: neither what they say counts, nor that they are there. */
function hear(seen: Seen): Seen {
  const { cutOff, isHeard } = witnessesOf(seen.rounds)
  const rounds = seen.rounds.filter(isHeard)
  const isThere = (process: string) => !cutOff.has(process)
  const live = seen.live.filter(isThere)
  const exchanges = seen.exchanges.filter(({ process }) => isThere(process))
  return { ...seen, live, rounds, exchanges, newest: newestOfEach(rounds) }
}

/** People go to it as usual. */
function judgeClosed(seen: Seen): Judged {
  const { before, now } = seen
  const found = findFault(seen)
  if (found?.is === 'outage') {
    const fellAgain = before?.closed_at && now.getTime() - before.closed_at.getTime() < SOON_MS
    const recoverMs = fellAgain ? Math.min(before.recover_ms * 2, RECOVER_MAX_MS) : RECOVER_MS
    return { ...turn(seen, 'down', found.why), open_since: now, recover_ms: recoverMs }
  }
  if (found?.is === 'own-network') return turn(seen, 'unknown', found.why)
  const recent = [...seen.rounds, ...seen.exchanges].filter(({ atMs }) => atMs > seen.nowMs - FAULT_WINDOW_MS)
  const odd = recent.filter((round) => isBad(round) || round.isLimited)
  if (odd.length > 0) {
    // Doubt about our own network ends when something was seen to answer, not when time has passed.
    const isDoubtful = before?.state === 'unknown' && !isBack(seen)
    return isDoubtful ? turn(seen, 'unknown', before.why) : turn(seen, 'suspect', saySuspect(odd, countOf(seen, odd)))
  }
  if (seen.rounds.length === 0 && before) return turn(seen, before.state, before.why)
  return turn(seen, 'healthy', sayAnswers(countOf(seen, [])))
}

/** People are sent another way. It stays so until the provider has been well for a while, whatever flickers meanwhile. */
function judgeOpen(seen: Seen, before: VerdictRow): Judged {
  const doubt = findFault(seen)
  if (doubt?.is === 'own-network') return turn(seen, 'unknown', doubt.why)
  if (before.state === 'recovering') return judgeRecovering(seen, before)
  if (isBack(seen)) return turn(seen, 'recovering', sayRecovering(before.recover_ms, countOf(seen, [])))
  if (doubt?.is === 'outage') return turn(seen, 'down', before.state === 'down' ? before.why : doubt.why)
  return turn(seen, before.state, before.why)
}

function judgeRecovering(seen: Seen, before: VerdictRow): Judged {
  const { nowMs } = seen
  const sinceMs = before.since.getTime()
  // A sign-in that fails does not count: whoever can make one fail would keep everybody on the other way.
  const bad = seen.rounds.filter((each) => isBad(each) && each.atMs > Math.max(sinceMs, nowMs - FAULT_WINDOW_MS))
  const enough = Math.min(WITNESSES, Math.ceil(seen.newest.length / 2))
  if (bad.length > 0 && processesOf(bad) >= enough) return turn(seen, 'down', saySuspect(bad, countOf(seen, bad)))
  if (seen.rounds.length === 0) return turn(seen, 'recovering', before.why)
  // What nobody has looked at was not well: then its time begins anew.
  if (hasGap(seen, sinceMs)) return { ...turn(seen, 'recovering', before.why), since: seen.now }
  if (nowMs - sinceMs < before.recover_ms || !isBack(seen)) return turn(seen, 'recovering', before.why)
  const why = sayBack(before.recover_ms, countOf(seen, []))
  return { ...turn(seen, 'healthy', why), open_since: null, closed_at: seen.now }
}

/** The same row in another state; `since` is of the state. */
function turn({ before, now }: Seen, state: ProviderState, why: Why): Judged {
  const isSame = before?.state === state
  return {
    state,
    since: isSame ? before.since : now,
    open_since: before?.open_since ?? null,
    closed_at: before?.closed_at ?? null,
    recover_ms: before?.recover_ms ?? RECOVER_MS,
    // A suspicion says what is odd now; every other state, why it was entered.
    why: isSame && state !== 'suspect' ? before.why : why,
  }
}

type Found = { is: 'outage' | 'own-network'; why: Why }

/** Whether enough speaks against it, and whether it can be told from a fault of ours. */
function findFault(seen: Seen): Found | undefined {
  const last = seen.rounds.at(-1)
  if (!last || !isBad(last)) return undefined
  const recent = seen.rounds.filter(({ atMs }) => atMs > seen.nowMs - FAULT_WINDOW_MS)
  const broken = recent.filter(({ faults }) => faults.size > 1)
  const vouched = broken.filter(({ isControlGood }) => isControlGood === true)
  if (isProven(seen, vouched)) return unlessTogether(seen, vouched)
  const half = findHalf(seen, recent)
  if (half) return unlessTogether(seen, half)
  if (!isProven(seen, broken)) return undefined
  return { is: 'own-network', why: sayOwnNetwork('control', countOf(seen, broken), tally(broken)) }
}

/** In two rounds far enough apart, and seen by more than half of those who watch. */
function isProven({ live }: Seen, rounds: readonly Round[]): boolean {
  const isApart = areApart(
    rounds.map(({ atMs }) => atMs),
    APART_MS,
  )
  return isApart && processesOf(rounds) > live.length / 2
}

/**
 * One endpoint fails in every look, and real sign-ins fail as well. Sign-ins alone are no evidence: with odd codes somebody
 * might make a provider stumble over them.
 */
function findHalf(seen: Seen, recent: readonly Round[]): readonly Round[] | undefined {
  const lastGood = seen.exchanges.findLastIndex(({ good }) => good.size > 0)
  const failed = seen.exchanges.slice(lastGood + 1).filter((each) => isBad(each) && each.isControlGood !== false)
  const times = failed.map(({ atMs }) => atMs)
  if (!areApart(times, APART_MS)) return undefined
  const kinds = new Set(recent.flatMap(({ faults }) => [...faults.keys()]))
  for (const kind of kinds) {
    const rounds = failingSince(recent, kind).filter(({ isControlGood }) => isControlGood === true)
    if (isProven(seen, rounds)) return [...rounds, ...failed]
  }
  return undefined
}

function failingSince(rounds: readonly Round[], kind: EvidenceKind): readonly Round[] {
  const lastGood = rounds.findLastIndex(({ good }) => good.has(kind))
  return rounds.slice(lastGood + 1).filter(({ faults }) => faults.has(kind))
}

/** All at once is no coincidence: it is what they have in common, and that is our own way out. */
function unlessTogether(seen: Seen, rounds: readonly Round[]): Found | undefined {
  const firstMs = Math.min(...rounds.map(({ atMs }) => atMs))
  const fellBefore = seen.nowMs - TOGETHER_MS
  const others = seen.others.filter((other) => {
    const isLongDown = other.open_since !== null && other.open_since.getTime() < fellBefore
    return !isLongDown && (other.good_at !== null || other.fault_at !== null)
  })
  const counted = countOf(seen, rounds)
  const outage: Found = { is: 'outage', why: sayOutage(counted, tally(rounds)) }
  const isSince = (at: Date | null) => at !== null && at.getTime() >= firstMs
  if (others.length === 0 || others.some(({ good_at: goodAt }) => isSince(goodAt))) return outage
  // Until one of them was looked at as well nobody knows.
  if (!others.every(({ fault_at: faultAt }) => isSince(faultAt))) return undefined
  return { is: 'own-network', why: sayOwnNetwork(others.length + 1, counted, tally(rounds)) }
}

/** More than half of those who looked lately found everything well at their last look. */
function isBack({ newest }: Seen): boolean {
  return newest.filter((round) => !isBad(round)).length > newest.length / 2
}

function hasGap({ rounds, nowMs }: Seen, sinceMs: number): boolean {
  const times = [Math.max(sinceMs, nowMs - WINDOW_MS), ...rounds.map(({ atMs }) => atMs), nowMs]
  const sorted = times.filter((each) => each >= times[0]!)
  return sorted.some((each, index) => index > 0 && each - sorted[index - 1]! > GAP_MS)
}
/** The slowest rhythm and a deadline, with room. */
const GAP_MS = 45_000

const countOf = ({ live }: Seen, rounds: readonly Round[]) => ({
  saw: processesOf(rounds),
  live: live.length,
  isControlGood: rounds.at(-1)?.isControlGood ?? null,
})
