import { Type } from 'typebox'
import { type Guard, json, on, orNull, type Route } from '../../platform/http/index.ts'
import { type Searcher, search } from './search.ts'

export interface SearchRoutesOptions {
  guard: Guard
  searchers: readonly Searcher[]
}

const Found = Type.Object({
  kind: Type.String({
    description: 'user, organization, application, provider, session, token, flag or segment.',
    examples: ['user'],
  }),
  id: Type.String({ description: 'Which one.', examples: ['usr_01jd7s5x8r3w'] }),
  title: Type.String({ description: 'What it is called.', examples: ['Ana Álvarez'] }),
  subtitle: orNull(Type.String({ description: 'What tells it from others.', examples: ['ana@acme.example'] })),
  url: Type.String({ description: 'Its page in the console.', examples: ['/console/users/usr_01jd7s5x8r3w'] }),
})
const Answer = Type.Object(
  {
    data: Type.Array(Found, { description: 'Five of a kind at most.' }),
    partial: Type.Array(Type.String({ description: 'A kind.', examples: ['session'] }), {
      description: 'Kinds that did not answer in time: what is missing may be among them.',
    }),
  },
  { description: 'What was found, of the kinds the reader may see.' },
)
const Query = Type.Object({
  query: Type.String({ maxLength: 200, description: 'The beginning of a name or an address, or an id.' }),
})

export function searchRoutes({ guard, searchers }: SearchRoutesOptions): Route[] {
  return [
    on(
      'GET /v1/search',
      {
        tag: 'search',
        summary: 'Search over everything',
        description: 'Each kind is asked with the reader’s own scopes; a kind they may not read finds nothing.',
        guard,
        query: Query,
        answers: { 200: Answer },
      },
      async (call) => json(200, await search(searchers, call, call.query.query)),
    ),
  ]
}
