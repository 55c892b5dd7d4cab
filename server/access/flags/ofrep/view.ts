import { type CompiledFlag, evaluate, type FlagContext } from '../../../../sdk/evaluate.ts'
import { digestOf } from '../../../../sdk/flags/node-seals.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Asker, Held } from './parts.ts'
import { itemOf, sayEvaluation } from './say-evaluation.ts'

/** Marks a flag that browsers may see; of the flag itself, so that nothing said of a whole set lets them all out. */
export const CLIENT_KEY = 'holdfast.client'

/** Answers that are kept: the same page is opened again, the same service asks for the same customer. */
const MEMO_MAX = 1000
/** Characters of a generation, of which there are two: of a set of thousands a few answers, of a set of fifty a thousand. */
const MEMO_CHARS_MAX = 4 * 1024 * 1024
/** Questions that were asked once so far. */
const SEEN_MAX = 2000
/** A longer context is not asked twice. */
const MEMO_KEY_CHARS_MAX = 2048

/** All answers to one context. */
export interface Told {
  /** `{"flags":[…],"metadata":{…}`: the end is written by whoever knows the asker. */
  json: string
  /** Of the environment, and of each answer in it. */
  digest: string
  /** Made when somebody first asks for it. */
  signature?: string
}

/** What one kind of asker is served. */
export interface View {
  flags: readonly CompiledFlag[]
  find(key: string): CompiledFlag | undefined
  /** Some answer changes with the clock alone: nothing is remembered. */
  usesTime: boolean
  /** `body`: the request as it came; what is remembered is found by it. */
  tell(body: string, context: () => FlagContext): Told
}

export interface Views {
  of(held: Held, asker: Pick<Asker, 'kind'>): View
}

interface Surroundings {
  environment: string
  clock: Clock
}

/** Made once for each snapshot that is served. */
export function openViews(around: Surroundings): Views {
  let made: { set: Held['set']; all: View; marked: View } | undefined
  return {
    of(held, { kind }) {
      // By the set: an answer stays what it was when only its source was confirmed.
      if (made?.set !== held.set) made = { set: held.set, ...viewsOf(held, around) }
      return kind === 'browser' ? made.marked : made.all
    },
  }
}

function viewsOf(held: Held, around: Surroundings) {
  const all = [...held.set.flags.values()]
  // As it was delivered, and not as it was compiled: of a flag that is held over, the mark may have gone.
  const marked = all.filter(({ key }) => isMarked(held.body.flags[key]))
  return { all: viewOf(held, all, around), marked: viewOf(held, marked, around) }
}

export const isMarked = (flag: unknown): boolean => {
  const { metadata } = (flag ?? {}) as { metadata?: Record<string, unknown> }
  return metadata?.[CLIENT_KEY] === true
}

function viewOf({ set }: Held, flags: readonly CompiledFlag[], { environment, clock }: Surroundings): View {
  const byKey = new Map(flags.map((flag) => [flag.key, flag]))
  const usesTime = flags.some((flag) => flag.usesTime)
  const memo = openMemo()
  const { metadata } = itemOf('', { ...set.notFound(''), flagMetadata: set.metadata })
  const end = metadata ? `],"metadata":${JSON.stringify(metadata)}` : ']'

  function tellAnew(context: FlagContext, nowMs: number): Told {
    let json = '{"flags":['
    let digests = `${environment}\n${end}\n`
    for (let n = 0; n < flags.length; n++) {
      const flag = flags[n]!
      const item = sayEvaluation(flag.key, evaluate(flag, context, nowMs))
      if (n > 0) json += ','
      json += item.json
      digests += item.digest
    }
    json += end
    return { json, digest: digestOf(digests) }
  }

  return {
    flags,
    find: (key) => byKey.get(key),
    usesTime,
    tell(body, context) {
      if (usesTime || body.length > MEMO_KEY_CHARS_MAX) return tellAnew(context(), clock.now().getTime())
      const known = memo.find(body)
      if (known) return known
      const told = tellAnew(context(), clock.now().getTime())
      memo.keep(body, told)
      return told
    },
  }
}

/**
 * By the whole text of the request: nothing has to be parsed, and no two contexts are taken for one. Kept from the second
 * time on (to keep what is asked once was half the time of an answer), in two generations, so that nothing is taken out one
 * by one.
 */
function openMemo() {
  let young = new Map<string, Told>()
  let old = new Map<string, Told>()
  let chars = 0
  let seenOnce = new Set<string>()
  return {
    find: (body: string) => young.get(body) ?? old.get(body),
    keep(body: string, told: Told): void {
      if (!seenOnce.delete(body)) {
        if (seenOnce.size >= SEEN_MAX) seenOnce = new Set()
        seenOnce.add(body)
        return
      }
      chars += body.length + told.json.length
      if (young.size >= MEMO_MAX || chars > MEMO_CHARS_MAX) {
        old = young
        young = new Map()
        chars = body.length + told.json.length
      }
      young.set(body, told)
    },
  }
}
