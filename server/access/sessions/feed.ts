import {
  type DeadlineEvent,
  type FlagsEvent,
  type KeySet,
  type RevocationEvent,
  SYNC_INTERVAL_MS,
  type SyncEvent,
} from '../../../sdk/contract.ts'
import { type ApplicationDirectory, eventOf } from '../../ground/applications/index.ts'
import type { EventStream } from '../../platform/http/index.ts'
import type { Sessions } from './open-sessions.ts'

export interface FeedOptions {
  sessions: Pick<Sessions, 'feed' | 'keys' | 'issuer'>
  environment: string
  installationId(): string
  now(): Date
  /** What an application's own SDK is told of it. */
  applications: Pick<ApplicationDirectory, 'find' | 'onChange'>
  /** The newest snapshot of flags, which is announced here and fetched elsewhere. */
  flags?: AnnouncedFlags | undefined
}

export interface AnnouncedFlags {
  current(): (Omit<FlagsEvent, 'age_ms'> & { ageMs(): number | null }) | undefined
  onChange(listener: () => void): () => void
}

/** Who reads, and what it has seen. */
export interface FeedReader {
  application: string
  from: number
  /** Whether its key is still good. */
  mayRead(): boolean
}

/** A reader that has seen nothing asks from the beginning. */
export function positionOf(lastEventId: string | undefined): number {
  return /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) : 0
}

/** What was missed, then the keys, then a sync; from then on everything as it happens, and a sync every two seconds. */
export function startFeed(
  stream: EventStream,
  { application, from, mayRead }: FeedReader,
  options: FeedOptions,
): () => void {
  const { feed, keys, issuer } = options.sessions
  const sendRevocation = (event: RevocationEvent) => {
    // Ended in an outage, without a number yet: told at once, and again with its number, which is what is resumed by.
    stream.send({ ...(event.seq > 0 && { id: String(event.seq) }), event: 'revocation', data: event })
  }
  const sendDeadline = (event: DeadlineEvent) => stream.send({ id: String(event.seq), event: 'deadline', data: event })
  const sendKeys = (published: KeySet) => stream.send({ event: 'keys', data: published })
  /** A key that was taken back opens nothing any more, also not what it opened before: who has it may be somebody else. */
  const isShut = () => {
    if (mayRead()) return false
    stream.close()
    return true
  }
  const sendFlags = () => {
    const current = options.flags?.current()
    if (!current || isShut()) return
    const { epoch, seq, digest } = current
    const ageMs = current.ageMs()
    const data: FlagsEvent = { epoch, seq, digest, age_ms: ageMs === null ? null : Math.round(ageMs) }
    stream.send({ event: 'flags', data })
  }
  const sync = () => {
    if (isShut()) return
    const { seq, confirmedAt } = feed.position()
    const data: SyncEvent = {
      seq,
      // The age of what is known, not of this line: in an outage it stands still.
      at: (confirmedAt ?? new Date(0)).toISOString(),
      environment: options.environment,
      installation_id: options.installationId(),
      application,
      issuer,
    }
    if (!stream.send({ event: 'sync', data })) stop()
    else sendFlags()
  }

  let told = ''
  const sendApplication = () => {
    const found = options.applications.find(application)
    if (!found || isShut()) return
    const data = eventOf(found)
    const text = JSON.stringify(data)
    // The directory is read again for any of thousands; each hears of its own only.
    if (text === told) return
    told = text
    stream.send({ event: 'application', data })
  }

  const missed = feed.after(from)
  const unnumbered = feed.after(-1).filter((event) => event.seq === 0)
  for (const event of [...missed, ...unnumbered]) {
    if ('due_at' in event) sendDeadline(event)
    else sendRevocation(event)
  }
  sendKeys(keys.published())
  sendApplication()
  sync()
  const endings = [
    feed.onRevocation(sendRevocation),
    feed.onDeadline(sendDeadline),
    keys.onChange(sendKeys),
    options.applications.onChange(sendApplication),
    ...(options.flags ? [options.flags.onChange(sendFlags)] : []),
  ]
  const timer = setInterval(sync, SYNC_INTERVAL_MS)

  function stop(): void {
    clearInterval(timer)
    for (const end of endings) end()
  }
  return stop
}
