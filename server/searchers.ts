import type { Found, Searcher } from './ground/search/index.ts'
import type { Call, Route } from './platform/http/index.ts'

/** A kind of thing, and the address that lists it: with its own guard, its own index and its own idea of a match. */
interface Kind {
  kind: string
  line: string
  /** What is asked of that address; undefined: this query cannot mean a thing of this kind. */
  ask(query: string, limit: number): { query?: object; params?: object } | undefined
  /** Where the address itself does not search. */
  fits?(row: Row, query: string): boolean
  show(row: Row): Omit<Found, 'kind' | 'id' | 'url'>
  page(id: string): string
}
type Row = { id: string } & Record<string, unknown>

const text = (value: unknown) => (typeof value === 'string' && value ? value : null)
const listed = (query: string, limit: number) => ({ query: { query, limit } })
const byId = (prefix: string) => (query: string) =>
  new RegExp(`^${prefix}_[0-9a-z]{1,40}$`).test(query) ? { params: { id: query } } : undefined

const kinds: readonly Kind[] = [
  {
    kind: 'user',
    line: 'GET /v1/users',
    ask: (query, limit) => ({ query: { query, limit, state: 'all' } }),
    show: ({ id, name, email }) => ({ title: text(name) ?? text(email) ?? id, subtitle: text(email) }),
    page: (id) => `/console/users/${id}`,
  },
  {
    kind: 'organization',
    line: 'GET /v1/organizations',
    ask: listed,
    show: ({ id, name, slug }) => ({ title: text(name) ?? id, subtitle: text(slug) }),
    page: (id) => `/console/organizations/${id}`,
  },
  {
    kind: 'application',
    line: 'GET /v1/applications',
    ask: listed,
    show: ({ id, name, audience }) => ({ title: text(name) ?? id, subtitle: text(audience) }),
    page: (id) => `/console/applications/${id}`,
  },
  {
    kind: 'provider',
    line: 'GET /v1/providers',
    ask: () => ({ query: { limit: 200 } }),
    fits: (row, query) => providerWords(row).some((word) => word.toLowerCase().includes(query.toLowerCase())),
    show: ({ id, name, issuer }) => ({ title: text(name) ?? id, subtitle: text(issuer) }),
    page: (id) => `/console/providers/${id}`,
  },
  {
    kind: 'session',
    line: 'GET /v1/sessions/{id}',
    ask: byId('ses'),
    show: ({ id, user, audience }) => ({
      title: text((user as Row | undefined)?.email) ?? id,
      subtitle: text(audience),
    }),
    page: (id) => `/console/sessions/${id}`,
  },
  {
    kind: 'token',
    line: 'GET /v1/tokens/{id}',
    ask: byId('tok'),
    show: ({ id, name, state }) => ({ title: text(name) ?? id, subtitle: text(state) }),
    page: (id) => `/console/tokens/${id}`,
  },
  {
    kind: 'flag',
    line: 'GET /v1/flags',
    ask: (query, limit) => keyed(query, limit),
    show: (row) => named(row),
    page: (id) => `/console/flags/${encodeURIComponent(id)}`,
  },
  {
    kind: 'segment',
    line: 'GET /v1/flags/segments',
    ask: (query, limit) => keyed(query, limit),
    show: (row) => named(row),
    page: (id) => `/console/segments/${encodeURIComponent(id)}`,
  },
]

/** Flags and segments go by their key. */
const keyed = (query: string, limit: number) => ({ query: { q: query, limit, state: 'all' } })
const named = ({ id, name, sentence }: Row) => ({ title: text(name) ?? id, subtitle: text(sentence) })

/** What somebody may know one by. */
const providerWords = ({ id, name, issuer, domains }: Row) => [
  id,
  text(name) ?? '',
  text(issuer) ?? '',
  ...(Array.isArray(domains) ? domains.map(String) : []),
]

/** One searcher for each kind whose address is served: what a list shows to somebody is what they find. */
export function searchersOver(routes: readonly Route[]): Searcher[] {
  return kinds.flatMap((kind) => {
    const route = routes.find(({ method, path }) => `${method} ${path}` === kind.line)
    return route ? [searcherOver(kind, route)] : []
  })
}

function searcherOver({ kind, ask, fits = () => true, show, page }: Kind, route: Route): Searcher {
  return {
    kind,
    async find(call, query, limit) {
      const asked = ask(query, limit)
      if (!asked) return []
      const inner: Call = { ...call, query: asked.query ?? {}, params: asked.params ?? {}, actor: null }
      if (route.options.guard) inner.actor = await route.options.guard(inner)
      const answer = await route.handle(inner)
      if (answer.kind !== 'json' || answer.status !== 200) return []
      const body = answer.body as { data?: Row[] } & Row
      const rows = (body.data ?? [body]).filter((row) => fits(row, query))
      return rows.map((row) => {
        const id = row.id ?? String(row.key)
        return { kind, id, ...show({ ...row, id }), url: page(id) }
      })
    },
  }
}
