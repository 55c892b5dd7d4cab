import { Type } from 'typebox'
import { type Reason, reasons } from '../../../sdk/contract.ts'
import type { Guard } from '../../platform/http/index.ts'
import { json, on, type Route, text } from '../../platform/http/index.ts'
import type { SignalRow } from '../signals/index.ts'
import { overallState, type ReadDependency, shownDependency } from './dependency.ts'
import type { Figure } from './figures.ts'

export interface HealthRoutesOptions {
  dependencies: readonly ReadDependency[]
  figures(): Record<string, Figure>
  changes(): readonly SignalRow[]
  installation(): { environment: string; installation_id: string | null; version: string; started_at: Date }
  metrics(): Promise<{ type: string; text: string }>
  requireAdministrator: Guard
  now(): Date
}

const State = Type.Union(['ok', 'unknown', 'failing'].map((state) => Type.Literal(state)))
const Time = Type.String({ format: 'date-time' })
const DependencyShape = Type.Object({
  name: Type.String(),
  state: State,
  since: Time,
  age_ms: Type.Union([Type.Number(), Type.Null()]),
  detail: Type.String(),
})
const Readiness = Type.Object({ status: State, dependencies: Type.Array(DependencyShape) })
const FigureShape = Type.Object({
  value: Type.Union([Type.Number(), Type.Null()]),
  as_of: Type.Union([Time, Type.Null()]),
})
const Overview = Type.Object({
  environment: Type.String(),
  installation_id: Type.Union([Type.String(), Type.Null()]),
  version: Type.String(),
  started_at: Time,
  generated_at: Time,
  dependencies: Type.Array(DependencyShape),
  figures: Type.Record(Type.String(), FigureShape),
  changes: Type.Array(Type.Object({ at: Time, kind: Type.String(), text: Type.String() })),
})

export function healthRoutes(options: HealthRoutesOptions): Route[] {
  const tag = 'health'
  const dependencies = () => options.dependencies.map((read) => shownDependency(read(), options.now()))
  return [
    on('GET /healthz', { tag, summary: 'Alive', answers: { 200: Type.Object({ status: Type.Literal('ok') }) } }, () =>
      json(200, { status: 'ok' }),
    ),
    // 200 as long as access can serve: an outage behind it is told, and is no reason to take access out of rotation.
    on(
      'GET /readyz',
      { tag, summary: 'Each dependency: ok, unknown or failing, with its age', answers: { 200: Readiness } },
      () => {
        const seen = dependencies()
        return json(200, { status: overallState(seen), dependencies: seen })
      },
    ),
    on('GET /metrics', { tag, summary: 'OpenMetrics' }, async () => {
      const { type, text: content } = await options.metrics()
      return text(200, type, content)
    }),
    on(
      'GET /v1/overview',
      {
        tag,
        summary: 'What is wrong, what cannot be seen, what changed, figures',
        guard: options.requireAdministrator,
        answers: { 200: Overview },
      },
      () =>
        json(200, {
          ...options.installation(),
          generated_at: options.now(),
          dependencies: dependencies(),
          figures: options.figures(),
          changes: options.changes().map((row) => ({ at: row.at, kind: row.kind, text: sentence(row) })),
        }),
    ),
  ]
}

/** What somebody did to the installation or to somebody else; that people come and go is a figure, not a change. */
const sentences: Record<string, (row: SignalRow) => string> = {
  'session.ended': ({ facts }) => `A session ended: ${reasonOf(facts.reason)}`,
  'user.created': () => 'An account was made',
  'administrator.granted': () => 'Somebody became an administrator',
  'signing-key.rotated': ({ facts }) => `The signing key was rotated by ${facts.by}`,
  'application.registered': ({ subject }) => `The application ${subject} was registered`,
}
export const changeKinds = Object.keys(sentences)

const reasonOf = (reason: unknown) =>
  reasons[reason as Reason]?.replace(/\.$/, '').toLowerCase() ?? 'for an unknown reason'

const sentence = (row: SignalRow) => sentences[row.kind]?.(row) ?? row.kind
