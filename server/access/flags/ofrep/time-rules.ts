import { type CompiledFlag, type Evaluation, evaluate, type FlagContext } from '../../../../sdk/evaluate.ts'

/** Contexts whose answers are looked at again each second, where the moment of a change cannot be read from a rule. */
const CONTEXTS_MAX = 200
/** A public token asks about whatever it likes: of 64 KiB each they would be 300 MB, and a look longer than a second. */
const NAME_CHARS_MAX = 2048
/** A context that is not among them hears of a change within this. */
const AT_LEAST_EVERY_MS = 60_000

/** Deeper than what is compiled. */
const DEPTH_MAX = 200

const TIME = '$flagd.timestamp'
const COMPARISONS = new Set(['<', '<=', '>', '>=', '==', '===', '!=', '!=='])

/** When the answers of flags change by the clock alone. */
export interface TimeRules {
  /** A context that was asked about. */
  note(name: string, context: FlagContext): void
  /** Whether somebody's answer changed since the last look, or may have. Asked once a second. */
  hasChanged(nowMs: number): boolean
}

export function openTimeRules(flags: readonly CompiledFlag[], startMs: number): TimeRules {
  const timed = flags.filter((flag) => flag.usesTime)
  const read = timed.map((flag) => ({ flag, moments: momentsOf(flag) }))
  const moments = read.flatMap((each) => each.moments ?? [])
  const computed = read.filter((each) => each.moments === undefined).map(({ flag }) => flag)
  const contexts = new Map<string, { context: FlagContext; answers: Evaluation[] }>()
  const answersTo = (context: FlagContext, nowMs: number) => computed.map((flag) => evaluate(flag, context, nowMs))
  let lookedMs = startMs
  let toldMs = startMs

  return {
    note(name, context) {
      if (computed.length === 0 || name.length > NAME_CHARS_MAX || contexts.has(name)) return
      contexts.set(name, { context, answers: answersTo(context, lookedMs) })
      if (contexts.size > CONTEXTS_MAX) contexts.delete(contexts.keys().next().value!)
    },
    hasChanged(nowMs) {
      const isPast = moments.some((second) => lookedMs < second * 1000 && second * 1000 <= nowMs)
      lookedMs = nowMs
      let isOther = computed.length > 0 && nowMs - toldMs >= AT_LEAST_EVERY_MS
      for (const each of contexts.values()) {
        const answers = answersTo(each.context, nowMs)
        if (answers.some((answer, n) => !isSame(answer, each.answers[n]!))) isOther = true
        each.answers = answers
      }
      if (isPast || isOther) toldMs = nowMs
      return isPast || isOther
    },
  }
}

/** Answers are shared by all who get the same; a failure is made anew each time. */
const isSame = (one: Evaluation, other: Evaluation) =>
  one === other || (one.errorCode !== undefined && one.errorCode === other.errorCode)

/**
 * The seconds at which comparisons with the time come out otherwise; undefined: the time is used in some other way as well,
 * as by a ramp, and only evaluating tells.
 */
export function momentsOf({ source, evaluators }: Pick<CompiledFlag, 'source' | 'evaluators'>): number[] | undefined {
  const found: number[] = []
  const isRead = collect(source.targeting, { evaluators, found }, DEPTH_MAX)
  return isRead ? found : undefined
}

interface Search {
  evaluators: Readonly<Record<string, unknown>>
  found: number[]
}

function collect(rule: unknown, search: Search, depthLeft: number): boolean {
  if (typeof rule !== 'object' || rule === null) return true
  if (depthLeft === 0) return false
  const inside = (each: unknown) => collect(each, search, depthLeft - 1)
  if (Array.isArray(rule)) return rule.every(inside)
  const [name, given] = Object.entries(rule)[0] ?? []
  if (name === undefined) return true
  if (name === '$ref') return inside(search.evaluators[String(given)])
  if (name === 'var') return isOtherAttribute(given)
  if (!COMPARISONS.has(name) || !Array.isArray(given) || !given.some(isTime)) return inside(given)
  const others = given.filter((each) => !isTime(each))
  if (!others.every((each): each is number => Number.isFinite(each))) return false
  // `>` turns a second after its number, `>=` at it: to tell of both costs one question more.
  for (const second of others) search.found.push(Math.ceil(second), Math.floor(second) + 1)
  return true
}

const isTime = (rule: unknown): boolean => {
  const { var: path } = (rule ?? {}) as { var?: unknown }
  return path === TIME || (Array.isArray(path) && path.length === 1 && path[0] === TIME)
}

/** A name that is computed, or everything at once, may be the time as well. */
function isOtherAttribute(given: unknown): boolean {
  const path = Array.isArray(given) ? given[0] : given
  return typeof path === 'string' ? path !== '' && path !== '$flagd' && path !== TIME : typeof path === 'number'
}
