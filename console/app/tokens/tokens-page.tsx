import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Token } from '../api/wire/tokens.ts'
import { ListPage } from '../list/list-page.tsx'
import { listQuery } from '../list/list-query.ts'
import { api, type ListSearch, to } from '../paths.ts'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { SearchField } from '../ui/search-field.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { NameCell } from '../ui/name-cell.tsx'
import { TokenMark } from './token-mark.tsx'
export const crumb = 'Tokens'

const askFor = (search: ListSearch) => ({ query: search.query })
const query = (search: ListSearch) => listQuery<Token>('tokens', api.tokens, askFor(search), search.cursor)

export function loader(client: QueryClient, search: ListSearch) {
  void client.prefetchQuery(query(search))
}

const columns: readonly Column<Token>[] = [
  { head: 'State', width: 132, narrow: 112, cell: (token) => <TokenMark token={token} /> },
  { head: 'Made', from: 'wide', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
  {
    head: 'Last used',
    from: 'medium',
    width: 132,
    cell: ({ last_used_at }) => (last_used_at ? <TimeInTwoLines at={last_used_at} /> : 'Never'),
  },
  {
    head: 'Expires',
    from: 'widest',
    width: 132,
    cell: ({ expires_at }) => (expires_at ? <TimeInTwoLines at={expires_at} /> : 'Never'),
  },
]

export function TokensPage() {
  const search = useSearch({ from: '/tokens' })
  const { tokenId } = useParams({ strict: false })
  return (
    <ListPage
      title="Tokens"
      purpose="What your programs show to the API in place of a person. Each may do only what it was made for."
      one="token"
      many="tokens"
      query={useQuery(query(search))}
      rowId={({ id }) => id}
      first={{ head: 'Token', cell: ({ name, hint }) => <NameCell name={name}>ends in {hint}</NameCell> }}
      columns={() => columns}
      linkTo={({ id }) => to.token(id, search)}
      chosen={tokenId}
      search={search}
      linkFor={to.tokens}
      filters={
        <SearchField
          label="Search tokens"
          placeholder="Name or id"
          value={search.query ?? ''}
          linkFor={(query) => to.tokens({ ...search, query: query || undefined, cursor: undefined })}
        />
      }
      csv={{ name: 'tokens', path: api.tokens, filter: askFor(search), columns: csvColumns }}
      empty={
        <Empty title="There is no token yet">
          <p>
            A program that calls the API shows a token. Make one for each program, so that each can be revoked alone.
          </p>
        </Empty>
      }
    />
  )
}

const csvColumns = [
  { head: 'id', value: ({ id }: Token) => id },
  { head: 'name', value: ({ name }: Token) => name },
  { head: 'hint', value: ({ hint }: Token) => hint },
  { head: 'state', value: ({ state }: Token) => state },
  { head: 'scopes', value: ({ scopes }: Token) => scopes },
  { head: 'created_at', value: ({ created_at }: Token) => created_at },
  { head: 'last_used_at', value: ({ last_used_at }: Token) => last_used_at },
  { head: 'expires_at', value: ({ expires_at }: Token) => expires_at },
]
