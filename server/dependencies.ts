import type { Flags } from './access/flags/index.ts'
import type { Providers } from './access/providers/index.ts'
import { type Sessions, sentenceOfSignOuts } from './access/sessions/index.ts'
import type { Arrival } from './features.ts'
import type { Delivery } from './ground/delivery/index.ts'
import type { Dependency, ReadDependency } from './ground/health/index.ts'
import { cacheDependency } from './open-access-cache.ts'
import type { Cache } from './platform/cache/index.ts'
import type { DatabaseServer } from './platform/database/index.ts'

/** What access leans on, each with a sentence about whom it affects. */
export function dependenciesOf(parts: {
  database: DatabaseServer
  sessions: Sessions
  flags?: Pick<Flags, 'current' | 'standing'> | undefined
  providers?: Pick<Providers, 'standing'> | undefined
  delivery: Delivery
  arrival: Arrival
  cache?: Cache | undefined
  config?: { environment: string }
}): ReadDependency[] {
  const { database, sessions, flags, providers, delivery, arrival, cache, config } = parts
  return [
    () => databaseDependency(database, arrival),
    () => revocationDependency(sessions, database),
    () => signOutsDependency(sessions, database),
    ...(flags ? [() => flagsDependency(flags)] : []),
    ...(providers ? [() => providersDependency(providers)] : []),
    ...mailDependencies(delivery),
    ...(cache ? [() => cacheDependency(cache, config?.environment ?? '')] : []),
  ]
}

function databaseDependency(database: DatabaseServer, { failsSince }: Arrival): Dependency {
  const { state, since, provenAt, detail } = database.health()
  if (state === 'ok' && failsSince) {
    // A database that commits and lacks what we need of it would otherwise look well while nobody can sign in.
    const sentence =
      'PostgreSQL commits, and the start could not be completed on it; it is tried again. See the log of access.'
    return { name: 'database', state: 'failing', since: failsSince, seenAt: provenAt, detail: sentence }
  }
  // A stopped postmaster alone hurts nobody: the connections that exist go on.
  const effect = database.isAway()
    ? 'Sessions go on from memory and proofs; sign-in waits.'
    : 'Connections that exist still work; nobody is affected yet.'
  const sentences = {
    ok: 'PostgreSQL commits.',
    unknown: `PostgreSQL does not answer: ${detail}. ${effect}`,
    failing: `PostgreSQL refuses: ${detail}. ${effect}`,
  }
  return { name: 'database', state, since, seenAt: provenAt, detail: sentences[state] }
}

function revocationDependency(sessions: Sessions, database: DatabaseServer): Dependency {
  const { revocationsConfirmedAt, pendingEnds } = sessions.figures()
  const isFresh = !database.isAway() && revocationsConfirmedAt !== null
  const waiting = pendingEnds > 0 ? ` ${pendingEnds} sign-outs wait to be written.` : ''
  return {
    name: 'feed',
    state: isFresh ? 'ok' : 'unknown',
    since: database.health().since,
    seenAt: revocationsConfirmedAt,
    detail: isFresh
      ? `Revocations are read and passed on.${waiting}`
      : `Whether others have ended sessions is not known.${waiting}`,
  }
}

/** Nothing that is leant on, and yet the first thing to see: people who are signed out without a reason. */
function signOutsDependency(sessions: Sessions, database: DatabaseServer): Dependency {
  const { episodes, judgedAt, lastHour } = sessions.signOuts()
  const isSeen = !database.isAway() && judgedAt !== null
  const [worst] = episodes
  const usual = isSeen
    ? `Sign-outs are as usual: ${lastHour} people in the last hour.`
    : 'Whether more people are signed out than usual is not known.'
  return {
    name: 'sign-outs',
    state: worst ? 'failing' : isSeen ? 'ok' : 'unknown',
    since: worst?.began_at ?? database.health().since,
    seenAt: judgedAt,
    detail: worst ? `${sentenceOfSignOuts(worst)} See the runbook sign-outs.` : usual,
  }
}

/** Answers are given in each of these states; what differs is whether anything can be changed. */
function flagsDependency(flags: Pick<Flags, 'current' | 'standing'>): Dependency {
  const { state, sentence, since } = flags.standing()
  const current = flags.current()
  const states = { following: 'ok', holding: 'failing', unknown: 'unknown' } as const
  const served = current
    ? `${current.body.count} flags of e${current.epoch}.s${current.seq} are served.`
    : 'No flags are served: whoever asks is told to use what they had.'
  const advice =
    state === 'holding' ? ' Nothing can be changed until somebody restores or adopts. See the runbook flags-held.' : ''
  const seenAt = current?.confirmedAt() ?? null
  return { name: 'flags', state: states[state], since, seenAt, detail: `${sentence} ${served}${advice}` }
}

/** Somebody else's outage, for which there is another way: it makes nothing here unready. */
function providersDependency(providers: Pick<Providers, 'standing'>): Dependency {
  const { state, sentence, since, seenAt } = providers.standing()
  return { name: 'providers', state, since, seenAt, detail: sentence, isOptional: true }
}

function mailDependencies(delivery: Delivery): ReadDependency[] {
  return delivery.status().map((transport, index) => () => {
    const { state, since, provenAt, detail } = delivery.status()[index]!
    return { name: `mail ${transport.name}`, state, since, seenAt: provenAt, detail }
  })
}
