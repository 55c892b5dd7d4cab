import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicMs } from '../frame/clock.ts'
import { waitMs } from '../frame/wait.ts'
import type { Reply, Store } from '../redis/open-store.ts'
import { LIFE_S, LONG_LIFE_S } from './plan.ts'

/** Entries of the kind that the arm itself makes most of: one of them, as the server dumps it, and the form of its name. */
export interface Shape {
  prefix: string
  nameLength: number
  dump: Buffer
  /** False: none was found, and a made-up one stands in; the run is then invalid. */
  isOwn: boolean
}

/** Entries written by us, of the shape of the arm's own, under its own prefix. */
export interface Filler {
  shape: Shape
  /** The steady writes, one command an entry as from any app, until stopped. */
  keepWriting(perSecond: number, signal: AbortSignal): Promise<void>
  setLife(seconds: number): void
  /** As fast as the server takes them, until it refuses a write; the number it took, or null when it never refused. */
  fill(ages: 'mostly-dead' | 'all-alive', deadlineMs: number, signal: AbortSignal): Promise<number | null>
  /** As many again, over and over: what a crowd of newcomers does to a store that evicts. */
  flood(untilMs: number, signal: AbortSignal): Promise<number>
  /** Takes away whatever the filler has written. */
  remove(): Promise<void>
  written(): number
}

const TICK_MS = 20
const BATCH = 500
const REMOVE_BATCH = 1000
/** The server is one thread: between two batches it gets to those whom it serves, and who are what is looked at. */
const PAUSE_MS = 2
/** Many times what fits into 64 MB: a store that takes more has no limit, and the drill has a fault of its own. */
const WRITTEN_MAX = 3_000_000
const SCAN_KEYS_MAX = 20_000
const SAMPLES = 20
const MADE_UP_VALUE_BYTES = 300

const name = `local function nameOf(i)
  local id = string.format('%x', i)
  return ARGV[1] .. string.rep('f', tonumber(ARGV[2]) - #id) .. id
end `
/** Times to live are spread from one end to the other, so that entries do not all run out in one moment. */
const WRITE = `${name}
for i = tonumber(ARGV[3]), tonumber(ARGV[4]) do
  redis.call('RESTORE', nameOf(i), math.floor(ARGV[6] + (ARGV[7] - ARGV[6]) * ((i * 7919) % 1000) / 1000), ARGV[5], 'REPLACE')
end`
const REMOVE = `${name}
for i = tonumber(ARGV[3]), tonumber(ARGV[4]) do redis.call('UNLINK', nameOf(i)) end`

export function openFiller(store: Store, shape: Shape): Filler {
  let [next, removedTo, lifeMs] = [1, 1, LIFE_S * 1000]
  const words = (from: number, to: number) => [shape.prefix, String(shape.nameLength), String(from), String(to)]
  const writeBatch = (leastMs: number, mostMs: number): Promise<Reply> => {
    const from = next
    next += BATCH
    const range = [String(leastMs), String(mostMs)]
    return store.ask('EVAL', WRITE, '0', ...words(from, next - 1), shape.dump, ...range)
  }
  const writeOne = () => store.ask('RESTORE', nameOf(shape, next++), String(lifeMs), shape.dump, 'REPLACE')

  return {
    shape,
    setLife(seconds) {
      lifeMs = seconds * 1000
    },
    written: () => next - 1,
    async keepWriting(perSecond, signal) {
      let due = 0
      for (let lastMs = monotonicMs(); !signal.aborted; ) {
        await waitMs(TICK_MS, signal).catch(() => {})
        const nowMs = monotonicMs()
        due += ((nowMs - lastMs) * perSecond) / 1000
        lastMs = nowMs
        // One tick in flight: a server that stands still is not left with a queue that no app would have kept.
        await Promise.all(Array.from({ length: Math.min(BATCH, Math.floor(due)) }, writeOne))
        due %= 1
      }
    },
    async fill(ages, deadlineMs, signal) {
      const from = next
      // Four minutes of entries that live for 20 s are nearly all dead; of those that live for 280 s the oldest has 33 s left.
      const [leastMs, mostMs] = ages === 'mostly-dead' ? [1, 2000] : [0.12 * LONG_LIFE_S * 1000, LONG_LIFE_S * 1000]
      for (const endMs = monotonicMs() + deadlineMs; monotonicMs() < endMs && next < WRITTEN_MAX; ) {
        signal.throwIfAborted()
        const reply = await writeBatch(leastMs, mostMs)
        if (reply.outcome === 'refused' && reply.code === 'OOM') return next - from
        await waitMs(PAUSE_MS, signal)
      }
      return null
    },
    async flood(untilMs, signal) {
      const from = next
      while (monotonicMs() < untilMs && next < WRITTEN_MAX) {
        await writeBatch(0.12 * LONG_LIFE_S * 1000, LONG_LIFE_S * 1000)
        await waitMs(TICK_MS, signal)
      }
      return next - from
    },
    async remove() {
      for (const end = next; removedTo < end; ) {
        const to = Math.min(end, removedTo + REMOVE_BATCH)
        await store.ask('EVAL', REMOVE, '0', ...words(removedTo, to - 1))
        removedTo = to
        await sleep(PAUSE_MS)
      }
    },
  }
}

function nameOf({ prefix, nameLength }: Shape, index: number): string {
  return prefix + index.toString(16).padStart(nameLength, 'f')
}

/** Looks at what the arm has stored so far. Only here are the keys gone through, while the store holds some hundred. */
export async function findShape(store: Store): Promise<Shape> {
  const groups = new Map<string, string[]>()
  let cursor = '0'
  let seen = 0
  do {
    const [nextCursor, keys] = (await store.must('SCAN', cursor, 'COUNT', '1000')) as [string, string[]]
    cursor = nextCursor
    seen += keys.length
    for (const key of keys) {
      const form = `${prefixOf(key)} ${key.length}`
      groups.set(form, [...(groups.get(form) ?? []), key])
    }
  } while (cursor !== '0' && seen < SCAN_KEYS_MAX)
  const [most] = [...groups.values()].sort((left, right) => right.length - left.length)
  // The largest of some: what stands there in place of an entry, such as a mark that it has ended, is smaller than one.
  const dumps = await Promise.all((most ?? []).slice(0, SAMPLES).map((key) => store.dump(key)))
  const [dump] = dumps.filter((one) => one !== null).sort((left, right) => right.length - left.length)
  if (!most || !dump) return madeUp(store)
  const prefix = prefixOf(most[0]!)
  return { prefix, nameLength: most[0]!.length - prefix.length, dump, isOwn: true }
}

/** All that comes before what differs from entry to entry. */
const prefixOf = (key: string) => key.slice(0, key.lastIndexOf(':') + 1)

async function madeUp(store: Store): Promise<Shape> {
  const key = `drill:${'f'.repeat(43)}`
  await store.must('SET', key, 'x'.repeat(MADE_UP_VALUE_BYTES), 'PX', '10000')
  return { prefix: 'drill:', nameLength: 43, dump: (await store.dump(key))!, isOwn: false }
}
