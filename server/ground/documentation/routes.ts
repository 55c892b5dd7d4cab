import { on, page, type Route } from '../../platform/http/index.ts'
import type { ListedRefusal } from '../../platform/refusal.ts'
import type { OpenApi } from './open-api.ts'
import { addressesPage } from './pages/addresses-page.ts'
import type { PolicyLine } from './pages/policy-section.ts'
import { problemsPage } from './pages/problems-page.ts'
import { groupProblems, sessionProblems } from './problems.ts'

export interface DocumentationRoutesOptions {
  /** The document itself; asked for once, when somebody reads. */
  openApi(): unknown
  /** The tables of all features and of the platform. */
  problems: readonly ListedRefusal[]
  /** All routes of this server: those for people are listed, which OpenAPI leaves out. */
  routes: readonly Route[]
  /** HOLDFAST_URL: what examples are sent to. */
  origin: string
  version: string
  /** What is in force here. */
  policy?: readonly PolicyLine[]
}

/** `/docs` and `/docs/problems`: what OpenAPI and the refusal tables say, for people, without script. */
export function documentationRoutes(options: DocumentationRoutesOptions): Route[] {
  const { origin, version, policy = [] } = options
  const groups = groupProblems([...options.problems, ...sessionProblems])
  const pages = options.routes.filter(({ options: { kind } }) => kind === 'page')
  const frame = { tag: 'pages', kind: 'page' } as const
  // Neither changes while this process lives.
  const addresses = once(() =>
    addressesPage({ document: options.openApi() as OpenApi, pages, origin, version, policy }),
  )
  const problems = once(() => problemsPage({ groups, version }))
  return [
    on('GET /docs', { ...frame, summary: 'All addresses, and what they answer' }, () => page(200, addresses())),
    on('GET /docs/problems', { ...frame, summary: 'All refusals, and what to do about them' }, () =>
      page(200, problems()),
    ),
  ]
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined
  return () => (made ??= make())
}
