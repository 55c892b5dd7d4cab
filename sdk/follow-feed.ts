import type { AccessLink } from './access-link.ts'
import type { ApplicationEvent, KeySet, SyncEvent } from './contract.ts'
import { Feed } from './feed.ts'
import type { FlagsClient } from './flags-client.ts'
import type { KnownKeys } from './keys.ts'
import type { RevocationLog } from './revocations.ts'
import type { OnProblem } from './stamp.ts'

export interface FollowOptions {
  url: string
  key: string
  environment: string
  fetch: typeof fetch
  now(): number
  keys: KnownKeys
  revocations: RevocationLog
  access: AccessLink
  flags: FlagsClient
  onProblem: OnProblem
}

/** Takes into keys and revocations what the feed says, once it has said that it speaks for our installation. */
export function followFeed(options: FollowOptions): Feed {
  const { keys, revocations, access, flags, onProblem, environment } = options
  /** Of the present connection: where it began, whether it is our installation's, and the keys it has told. */
  let connection = {
    seq: revocations.seq,
    isOurs: false,
    told: undefined as KeySet | undefined,
    application: undefined as ApplicationEvent | undefined,
  }

  function adopt(installationId: string, news: Pick<SyncEvent, 'application' | 'issuer'> = {}): boolean {
    const { application, issuer } = news
    const told = Array.isArray(connection.told?.keys) ? connection.told.keys : []
    const isAdopted = keys.adopt({ installation_id: installationId, application, issuer, keys: told })
    if (isAdopted && connection.application) keys.adoptApplication(connection.application)
    return isAdopted
  }

  function onSync(sync: SyncEvent): void {
    // Access itself does not know yet who it is: it has never seen its database.
    if (!sync.installation_id) return
    const isOurEnvironment = sync.environment === environment
    if (!isOurEnvironment) onProblem(`Access is of the environment "${sync.environment}", our key of "${environment}".`)
    connection.isOurs = isOurEnvironment && adopt(sync.installation_id, sync)
    if (!connection.isOurs) {
      // Its numbers are not ours: ours are read on from where they were.
      revocations.rewind(connection.seq)
    } else if (sync.seq < revocations.seq) {
      // The database was put back to an earlier state: its new numbers are ones that we have seen already.
      revocations.rewind(0)
      feed.restart()
    }
  }

  const feed = new Feed({
    url: options.url,
    key: options.key,
    fetch: options.fetch,
    now: options.now,
    seq: () => revocations.seq,
    onOpen() {
      connection = { seq: revocations.seq, isOurs: false, told: undefined, application: undefined }
      flags.onFeed()
      access.suspect()
    },
    onLost(refusal) {
      if (refusal !== undefined) onProblem(`Access does not let us read its feed: ${refusal}`)
      access.suspect()
    },
    onEvent(said) {
      if (said.event === 'sync') onSync(said.data)
      // What comes of it is signed, and judged by that.
      if (said.event === 'flags') flags.announce(said.data)
      // At once, before we know whose feed this is: it can only refuse, and ids are nobody else's.
      if (said.event === 'revocation') revocations.add(said.data)
      if (said.event === 'deadline') revocations.addDeadline(said.data)
      if (said.event === 'keys' || said.event === 'application') {
        if (said.event === 'keys') connection.told = said.data
        else connection.application = said.data
        const { installation_id } = keys.stamp
        if (connection.isOurs && installation_id !== null) adopt(installation_id)
      }
    },
  })
  return feed
}
