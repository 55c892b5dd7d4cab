import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Token } from '../api/wire/tokens.ts'
import { SegmentFilter } from '../list/filters.tsx'
import { ListPage } from '../list/list-page.tsx'
import { api, to, type TokensSearch } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { NameCell } from '../ui/name-cell.tsx'
import { Empty } from '../ui/notice.tsx'
import type { Column } from '../ui/row-table.tsx'
import { TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { MakeToken } from './make-token.tsx'
import { askFor, listSearch, tokensQuery } from './read-tokens.ts'
import { TokenMark } from './token-mark.tsx'

export const crumb = 'Tokens'

export function loader(client: QueryClient, search: TokensSearch) {
  void client.prefetchQuery(tokensQuery(search))
}

const states = [
  ['all', 'All'],
  ['live', 'Live'],
  ['expired', 'Expired'],
  ['revoked', 'Revoked'],
] as const

function columnsFor({ isOld }: Seen): readonly Column<Token>[] {
  return [
    { head: 'State', width: 156, narrow: 148, cell: (token) => <TokenMark token={token} isOld={isOld} /> },
    { head: 'Made', from: 'wide', width: 132, cell: ({ created_at }) => <TimeInTwoLines at={created_at} /> },
    {
      head: 'Last used',
      from: 'medium',
      width: 132,
      cell: ({ last_used_at }) => (last_used_at ? <TimeInTwoLines at={last_used_at} /> : 'Never'),
    },
  ]
}

export function TokensPage() {
  const search = listSearch(useSearch({ from: '/tokens' }))
  const { tokenId } = useParams({ strict: false })
  const reason = useReasonNotTo('tokens:write')
  const [isMaking, { open, close }] = useAsking(search.make === 'yes', {
    asking: to.tokens({ ...search, make: 'yes' }),
    silent: to.tokens({ ...search, make: undefined }),
  })
  const make = (
    <ActButton reason={reason} onClick={open}>
      Make a token
    </ActButton>
  )
  return (
    <>
      <ListPage
        title="Tokens"
        purpose="What your programs show to the API in place of a person, and your pages to be told their flags. Each may do only what it was made for."
        one="token"
        many="tokens"
        actions={make}
        query={useQuery(tokensQuery(search))}
        rowId={({ id }) => id}
        first={{ head: 'Token', cell: TokenCell }}
        columns={columnsFor}
        linkTo={({ id }) => to.token(id, search)}
        chosen={tokenId}
        search={search}
        linkFor={to.tokens}
        filters={
          <SegmentFilter
            label="State"
            choices={states}
            value={search.state ?? 'all'}
            linkFor={(state) => to.tokens({ state: state === 'all' ? undefined : state })}
          />
        }
        csv={{ name: 'tokens', path: api.tokens, filter: askFor(search), columns: csvColumns }}
        empty={
          <Empty title="There is no token yet" action={make}>
            <p>
              A program that calls the API shows a token. Make one for each program, so that each can be revoked alone.
            </p>
          </Empty>
        }
      />
      {isMaking && <MakeToken reason={reason} onClose={close} />}
    </>
  )
}

function TokenCell({ name, hint, kind }: Token) {
  return (
    <NameCell name={name}>
      {kind === 'browser' && 'for browsers, '}ends in {hint}
    </NameCell>
  )
}

const csvColumns = [
  { head: 'id', value: ({ id }: Token) => id },
  { head: 'name', value: ({ name }: Token) => name },
  { head: 'kind', value: ({ kind }: Token) => kind },
  { head: 'hint', value: ({ hint }: Token) => hint },
  { head: 'state', value: ({ state }: Token) => state },
  { head: 'scopes', value: ({ scopes }: Token) => scopes },
  { head: 'origins', value: ({ origins }: Token) => origins },
  { head: 'created_at', value: ({ created_at }: Token) => created_at },
  { head: 'last_used_at', value: ({ last_used_at }: Token) => last_used_at },
  { head: 'expires_at', value: ({ expires_at }: Token) => expires_at },
]
