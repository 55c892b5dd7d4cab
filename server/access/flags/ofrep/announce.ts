import type { FlagContext, CompiledFlag } from '../../../../sdk/evaluate.ts'
import { sayNumber } from '../../../../sdk/flags/snapshot.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { EventStream } from '../../../platform/http/index.ts'
import type { Asker, Held, OfrepOptions } from './parts.ts'
import { refuse } from './refusals.ts'
import { openTimeRules, type TimeRules } from './time-rules.ts'
import type { Views } from './view.ts'

/** Of one process. An open page holds one, some 15 KB; the feed of the applications keeps places that no page can take. */
export const STREAMS_MAX = 4000
/** One token is one site: it cannot take all places from the others. */
export const STREAMS_OF_ASKER_MAX = 2000
/** Below the minute after which most proxies cut what is silent. */
const BEAT_MS = 20_000
const LOOK_MS = 1000

/** Tells whoever listens that it is worth asking again: never what changed. */
export interface Announcer extends Disposable {
  listen(stream: EventStream, asker: Asker, lastEventId: string | undefined): () => void
  /** Refuses when there is no place. */
  assertPlace(asker: Asker): void
  /** A context that was asked about, while answers depend on the clock. */
  note(kind: Asker['kind'], name: string, context: FlagContext): void
  count(): number
}

interface Listener {
  stream: EventStream
  asker: Asker
}

type AnnouncerOptions = Pick<OfrepOptions, 'flags' | 'tokens' | 'applications'> & { clock: Clock; views: Views }

export function openAnnouncer(options: AnnouncerOptions): Announcer {
  const { flags, clock, views } = options
  const listeners = new Set<Listener>()
  const sides = [openSide('browser', options), openSide('machine', options)] as const
  const sideOf = (kind: Asker['kind']) => sides[kind === 'browser' ? 0 : 1]
  let timers: NodeJS.Timeout[] = []

  function tell(kind: 'browser' | 'machine', held: Held, atMs?: number): void {
    const event = eventOf(held, atMs)
    for (const { stream, asker } of listeners) if (sideOf(asker.kind).kind === kind) stream.send(event)
  }
  const onChange = () => {
    const held = flags.current()
    if (!held) return
    for (const side of sides) if (side.take(views.of(held, side).flags)) tell(side.kind, held)
  }
  const look = () => {
    const held = flags.current()
    const nowMs = clock.now().getTime()
    if (!held) return
    for (const side of sides) if (side.hasChanged(nowMs)) tell(side.kind, held, nowMs)
  }
  const beat = () => {
    for (const { stream, asker } of listeners)
      if (mayListen(options, asker)) stream.beat()
      else stream.close()
  }
  onChange()
  const end = flags.onChange(onChange)
  const stopTimers = () => {
    for (const timer of timers) clearInterval(timer)
    timers = []
  }

  return {
    listen(stream, asker, lastEventId) {
      const listener = { stream, asker }
      listeners.add(listener)
      if (timers.length === 0) {
        // Nobody listened: what the clock changed meanwhile, each of them learns by asking now.
        look()
        timers = [setInterval(beat, BEAT_MS), setInterval(look, LOOK_MS)]
      }
      const held = flags.current()
      // Between the answer and this stream something may have changed: so the first to ask again is at once.
      if (held && lastEventId !== sayNumber(held)) stream.send(eventOf(held))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) stopTimers()
      }
    },
    assertPlace({ id }) {
      let its = 0
      for (const { asker } of listeners) if (asker.id === id) its++
      if (listeners.size >= STREAMS_MAX || its >= STREAMS_OF_ASKER_MAX)
        throw refuse('too_many_streams', { retry_after_s: 2 })
    },
    note: (kind, name, context) => sideOf(kind).note(name, context),
    count: () => listeners.size,
    [Symbol.dispose]() {
      end()
      stopTimers()
    },
  }
}

/** All askers that see the same flags. */
function openSide(kind: 'browser' | 'machine', { clock }: AnnouncerOptions) {
  let flags: readonly CompiledFlag[] | undefined
  let rules: TimeRules | undefined
  return {
    kind,
    /** Whether it is another set for them: a flag that did not change is the very same object. */
    take(now: readonly CompiledFlag[]): boolean {
      const before = flags
      if (before && before.length === now.length && now.every((flag, n) => flag === before[n])) return false
      flags = now
      rules = now.some((flag) => flag.usesTime) ? openTimeRules(now, clock.now().getTime()) : undefined
      return true
    },
    hasChanged: (nowMs: number) => rules?.hasChanged(nowMs) ?? false,
    note: (name: string, context: FlagContext) => rules?.note(name, context),
  }
}

/** The number by which whoever asks again is answered by at least this. */
function eventOf(held: Held, atMs?: number) {
  const number = sayNumber(held)
  const changedMs = atMs ?? Date.parse(held.body.made_at)
  return {
    id: atMs === undefined ? number : `${number}.t${Math.floor(atMs / 1000)}`,
    event: 'message',
    data: { type: 'refetchEvaluation', etag: number, lastModified: Math.floor(changedMs / 1000) },
  }
}

/** A token that was revoked hears nothing more; one that nobody can be asked about does. */
function mayListen({ tokens, applications }: AnnouncerOptions, { kind, id }: Asker): boolean {
  return kind === 'application' ? applications.find(id) !== undefined : tokens.stateOf(id) !== 'ended'
}
