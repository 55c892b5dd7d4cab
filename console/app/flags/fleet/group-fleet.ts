import type { FleetMember, FlagFleet } from '../../api/wire/flags.ts'

/** Processes of one application that are on one number. */
export interface NumberGroup {
  number: string
  processes: number
  /** `reported`: the newest when they told so, which may be a minute ago. */
  state: 'current' | 'reported' | 'behind' | 'unknown'
  /** Where their answers come from, other than from access. */
  notLive: number
  /** When access last confirmed this number to one of them as the newest; null: not known. */
  confirmedAt: string | null
  instances: string[]
}

export interface ApplicationFleet {
  application: string
  processes: number
  /** Newest first. */
  numbers: NumberGroup[]
  /** Times that the caller's own default was the answer, by flag, the most first. */
  fallbacks: [flag: string, times: number][]
  faults: { instance: string; code: string; detail: string; at: string }[]
}

/** Five thousand processes as few lines: by application, and of each the numbers that they are on. */
export function groupFleet({ epoch, seq, data }: FlagFleet): ApplicationFleet[] {
  const applications = Map.groupBy(data, ({ application }) => application)
  const current = epoch === null || seq === null ? null : { epoch, seq }
  const groups = [...applications].map(([application, members]) => ({
    application,
    processes: members.length,
    numbers: numbersOf(members, current),
    fallbacks: fallbacksOf(members),
    faults: members.flatMap(({ instance, faults, reported_at }) =>
      faults.map(({ code, detail }) => ({ instance, code, detail, at: reported_at })),
    ),
  }))
  return groups.sort(
    (one, other) => troubleOf(other) - troubleOf(one) || compareText(one.application, other.application),
  )
}

/** What is in trouble stands first, and access itself last. */
const troubleOf = ({ application, numbers, faults, fallbacks }: ApplicationFleet) =>
  (faults.length > 0 ? 4 : 0) +
  (numbers.some(({ state }) => state === 'behind') ? 2 : 0) +
  (fallbacks.length > 0 ? 1 : 0) -
  (application === 'access' ? 0.5 : 0)
const compareText = (one: string, other: string) => (one < other ? -1 : 1)

type At = Pick<FleetMember, 'epoch' | 'seq'>
const compare = (one: At, other: At) => one.epoch - other.epoch || one.seq - other.seq
export const sayNumberOf = ({ epoch, seq }: At) => `e${epoch}.s${seq}`

function numbersOf(members: readonly FleetMember[], current: At | null): NumberGroup[] {
  const groups = [...Map.groupBy(members, sayNumberOf).values()]
  return groups
    .sort(([one], [other]) => compare(other!, one!))
    .map((same) => ({
      number: sayNumberOf(same[0]!),
      processes: same.length,
      state: stateOf(same, current),
      notLive: same.filter(({ source }) => source !== 'live').length,
      confirmedAt: newestOf(same),
      instances: same.map(({ instance }) => instance),
    }))
}

/** Longer than the feed is silent: whoever says so had lost touch. */
const LAG_MS = 10_000

function stateOf(same: readonly FleetMember[], current: At | null): NumberGroup['state'] {
  if (!current) return 'unknown'
  if (compare(same[0]!, current) >= 0) return 'current'
  const isBehind = same.some(
    ({ age_ms, source, faults }) => age_ms === null || age_ms > LAG_MS || source !== 'live' || faults.length > 0,
  )
  return isBehind ? 'behind' : 'reported'
}

function newestOf(members: readonly FleetMember[]): string | null {
  const times = members.flatMap(({ age_ms, reported_at }) =>
    age_ms === null ? [] : [Date.parse(reported_at) - age_ms],
  )
  return times.length === 0 ? null : new Date(Math.max(...times)).toISOString()
}

function fallbacksOf(members: readonly FleetMember[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { fallbacks } of members) {
    for (const [flag, times] of Object.entries(fallbacks)) counts.set(flag, (counts.get(flag) ?? 0) + times)
  }
  return [...counts].sort(([, one], [, other]) => other - one)
}
