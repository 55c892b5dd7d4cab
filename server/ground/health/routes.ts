import { Type } from 'typebox'
import { type Reason, reasons } from '../../../sdk/contract.ts'
import type { Guard } from '../../platform/http/index.ts'
import { json, on, orNull, type Route, Time, text } from '../../platform/http/index.ts'
import type { SignalRow } from '../signals/index.ts'
import { type Dependency, overallState, type ReadDependency, shownDependency } from './dependency.ts'
import type { Figure } from './figures.ts'

export interface HealthRoutesOptions {
  dependencies: readonly ReadDependency[]
  /** What a person should know of, and no reason to call access unready; undefined: nothing to say. */
  inOverviewOnly?: () => Dependency | undefined
  figures(): Record<string, Figure>
  changes(): readonly SignalRow[]
  installation(): { environment: string; installation_id: string | null; version: string; started_at: Date }
  metrics(): Promise<{ type: string; text: string }>
  /** Whom the overview is shown. */
  guard: Guard
  /** What staff may do, so that the console can say beforehand what it will not be allowed. */
  staffOf(userId: string): { role: string | null; scopes: readonly string[] }
  now(): Date
}

const State = (description: string) =>
  Type.Union(
    ['ok', 'unknown', 'failing'].map((state) => Type.Literal(state)),
    { description },
  )
const DependencyShape = Type.Object({
  name: Type.String({ description: 'Which.', examples: ['database'] }),
  state: State('`unknown` is what was not seen; it is never told as `ok`.'),
  since: Time('Since when it is so.'),
  age_ms: orNull(Type.Number({ description: 'How old this knowledge is, in milliseconds.', examples: [400] })),
  detail: Type.String({ description: 'What that means, and for whom.', examples: ['PostgreSQL commits.'] }),
})
const Dependencies = Type.Array(DependencyShape, { description: 'Everything that is leant on.' })
const Alive = Type.Object(
  { status: Type.Literal('ok', { description: 'There is no other.' }) },
  { description: 'The process lives.' },
)
const Readiness = Type.Object(
  { status: State('The worst of them; a cache does not count.'), dependencies: Dependencies },
  { description: 'As long as access can serve, whatever is away behind it.' },
)
const FigureShape = Type.Object({
  value: orNull(Type.Number({ description: 'Null when it was never known.', examples: [41233] })),
  as_of: orNull(Time('When it was counted.')),
})
const Overview = Type.Object(
  {
    environment: Type.String({ description: 'As stamped on every store.', examples: ['production'] }),
    installation_id: orNull(Type.String({ description: 'Of the store.', examples: ['ins_01jd7s1a9e2k'] })),
    version: Type.String({ description: 'Of Holdfast.', examples: ['0.1.0'] }),
    started_at: Time('When this process began.'),
    generated_at: Time('When this was answered.'),
    actor: orNull(
      Type.Object(
        {
          id: Type.String({ description: 'The person.', examples: ['usr_01jd7s1a9e2k'] }),
          role: orNull(Type.String({ description: 'As staff.', examples: ['support'] })),
          scopes: Type.Array(Type.String({ examples: ['users:read'] }), { description: 'What the role lets them do.' }),
        },
        { description: 'Who asked; null for a token, which asks `GET /v1/token`.' },
      ),
    ),
    dependencies: Dependencies,
    figures: Type.Record(Type.String(), FigureShape, {
      description: 'By name: live_sessions, users, sign_ins_last_hour, sign_ins_failed_last_hour; each with its age.',
    }),
    changes: Type.Array(
      Type.Object({
        at: Time('When.'),
        kind: Type.String({ description: 'The kind of signal.', examples: ['signing-key.rotated'] }),
        text: Type.String({ description: 'A sentence.', examples: ['The signing key was rotated'] }),
      }),
      { description: 'What somebody did, newest first.' },
    ),
  },
  { description: 'What the console shows first. It is answered while access lives.' },
)
const Metrics = Type.String({ description: 'OpenMetrics, without a person in any label.' })

export function healthRoutes(options: HealthRoutesOptions): Route[] {
  const tag = 'health'
  const shown = (each: Dependency) => shownDependency(each, options.now())
  const dependencies = () => options.dependencies.map((read) => read())
  const alsoShown = () => {
    const also = options.inOverviewOnly?.()
    return also ? [also] : []
  }
  return [
    on('GET /healthz', { tag, summary: 'Does this process live?', answers: { 200: Alive } }, () =>
      json(200, { status: 'ok' }),
    ),
    // 200 as long as access can serve: an outage behind it is told, and is no reason to take access out of rotation.
    on(
      'GET /readyz',
      { tag, summary: 'Each dependency: ok, unknown or failing, with its age', answers: { 200: Readiness } },
      () => {
        const seen = dependencies()
        return json(200, { status: overallState(seen), dependencies: seen.map(shown) })
      },
    ),
    on(
      'GET /metrics',
      { tag, summary: 'Figures for Prometheus', answers: { 200: Metrics }, mediaType: 'application/openmetrics-text' },
      async () => {
        const { type, text: content } = await options.metrics()
        return text(200, type, content)
      },
    ),
    on(
      'GET /v1/overview',
      {
        tag,
        summary: 'What is wrong, what cannot be seen, what changed, figures',
        guard: options.guard,
        answers: { 200: Overview },
      },
      ({ actor }) =>
        json(200, {
          ...options.installation(),
          generated_at: options.now(),
          actor: actor?.kind === 'person' ? { id: actor.id, ...options.staffOf(actor.id) } : null,
          dependencies: [...dependencies(), ...alsoShown()].map(shown),
          figures: options.figures(),
          changes: options.changes().map((row) => ({ at: row.at, kind: row.kind, text: sentence(row) })),
        }),
    ),
  ]
}

/** What somebody did to the installation or to somebody else; that people come and go is a figure, not a change. */
const sentences: Record<string, (row: SignalRow) => string> = {
  'session.ended': ({ facts }) => `A session ended: ${reasonOf(facts.reason)}`,
  'sign-outs.unusual': ({ facts }) => `Far more than usual: ${facts.what}, ${facts.counted} in ${facts.window_min} min`,
  'sign-outs.unexplained': ({ facts }) =>
    `Without a reason: ${facts.what}, ${facts.counted} in ${facts.window_min} min`,
  'sign-outs.usual-again': ({ facts }) => `As usual again after ${facts.lasted_min} min: ${facts.what}`,
  'impersonation.started': ({ facts }) => `Support began to act as somebody, for ${facts.minutes} min at most`,
  'user.created': () => 'An account was made',
  'administrator.granted': () => 'Somebody became an administrator',
  'signing-key.rotated': ({ facts }) => `The signing key was rotated by ${facts.by}`,
  'backup.failed': ({ facts }) => `A backup failed: ${facts.problem}`,
  'proof.failed': ({ facts }) => `A backup could not be proved: ${facts.problem}`,
  'cache.foreign': ({ facts }) => `The cache is not used: ${facts.sentence}`,
  'flags.begun': ({ facts }) => `The first flags were signed, under the root ${facts.fingerprint}`,
  'flags.changed': ({ facts }) => sayFlagsChanged(facts),
  'flags.wiped': ({ facts }) => `Flags are held: ${facts.sentence} Answers stay as they are`,
  'flags.behind': ({ facts }) => `Flags are held: ${facts.sentence} Answers stay as they are`,
  'flags.whole-again': ({ facts }) => `Flags can be changed again, at e${facts.epoch}.s${facts.seq}`,
  'flags.fallback-served': ({ subject, facts }) =>
    `The application ${subject} answered ${facts.served} times with a default of its own`,
  'restore.done': () => 'The installation was restored from a backup',
  'provider.down': ({ facts }) => `${facts.name} is down, and people are sent another way. ${facts.sentence}`,
  'provider.back': ({ facts }) => `${facts.name} is back. ${facts.sentence}`,
  'provider.secret_expires': ({ facts }) => `A client secret at an identity provider ends in ${facts.days} days`,
  'own-network.suspected': ({ facts }) => `Our own network may be at fault: ${facts.name}. ${facts.sentence}`,
  'provider.ordered': ({ facts }) =>
    facts.ordered === 'open'
      ? `Somebody sends people another way than ${facts.name}, for ${facts.minutes} min at most`
      : `Somebody forbids the fall-back of ${facts.name}, for ${facts.minutes} min at most`,
  'provider.order-cleared': ({ facts }) => `The order about ${facts.name} was taken back`,
  'provider.order-expired': ({ facts }) => `The order about ${facts.name} ran out: what is seen decides again`,
  'sign-in-policy.changed': () => 'How an organisation signs in was changed, at once: nobody more is let in by it',
  'sign-in-policy.waiting': () => 'A looser way to sign in was asked for an organisation; it waits for a day',
  'sign-in-policy.applied': () => 'A looser way to sign in took effect for an organisation',
  'sign-in-policy.withdrawn': () => 'A looser way to sign in was withdrawn before it took effect',
  'fail-over.exercise-failing': ({ subject }) => `The fall-back by ${subject} failed twice when it was exercised`,
  'fail-over.exercise-good': ({ subject }) => `The fall-back by ${subject} works again`,
  'rescue.issued': () => 'A way in was made for an administrator of an organisation who is locked out',
  'rescue.used': () => 'An administrator of an organisation who was locked out was let in',
  'provider.many_gone': ({ facts }) =>
    `An identity provider says of ${facts.gone} people that they are gone; nobody was closed by it`,
  'provider.key_withdrawn': () => 'An identity provider took a signing key away',
  'application.registered': ({ subject }) => `The application ${subject} was registered`,
}
export const changeKinds = Object.keys(sentences)

const flagDeeds: Record<string, string> = {
  make: 'made',
  edit: 'changed',
  archive: 'archived',
  'bring-back': 'brought back',
  delete: 'deleted',
  kill: 'killed',
  undo: 'put back by undo',
  import: 'imported',
  restore: 'restored',
  adopt: 'taken over from the database',
  'set-metadata': 'given other metadata',
  'rotate-key': 'signed with a new key',
}

/** `new-view was changed`, `12 flags and segments were restored`. */
function sayFlagsChanged({ deed, keys, count }: SignalRow['facts']): string {
  const did = flagDeeds[String(deed)] ?? String(deed)
  const [key] = Array.isArray(keys) ? keys : []
  if (count === 1 && key) return `The flag or segment ${key} was ${did}`
  return Number(count) > 1 ? `${count} flags and segments were ${did}` : `The set of flags was ${did}`
}

const reasonOf = (reason: unknown) =>
  reasons[reason as Reason]?.replace(/\.$/, '').toLowerCase() ?? 'for an unknown reason'

const sentence = (row: SignalRow) => sentences[row.kind]?.(row) ?? row.kind
