import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import type { Token } from '../api/wire/tokens.ts'
import { oneQuery } from '../list/list-query.ts'
import { api, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'
import { scopes } from '../api/wire/scopes.ts'
import { sayState } from './token-state.ts'

export const crumb = 'Token'

export function loader(client: QueryClient, tokenId: string) {
  void client.prefetchQuery(query(tokenId))
}

const query = (tokenId: string) => oneQuery<Token>('tokens', api.token(tokenId))

export function TokenPanel() {
  const { tokenId } = useParams({ from: '/tokens/$tokenId' })
  const search = useSearch({ from: '/tokens/$tokenId' })
  const token = useQuery(query(tokenId))
  const back = to.tokens(search)
  return (
    <Panel key={tokenId} label="Token" row={tokenId} title={token.data?.name ?? tokenId} back={back}>
      <Reading
        query={token}
        about="token"
        waiting={<RowsToCome rows={5} />}
        notFound={
          <Empty
            title="There is no such token"
            action={
              <Button variant="default" renderRoot={(props) => <Link {...props} {...back} />}>
                Back to the list
              </Button>
            }
          >
            <p>It may have been removed, or the id belongs to another installation.</p>
          </Empty>
        }
      >
        {(data, seen) => (
          <>
            <Facts
              facts={[
                ['Id', <Copyable key="id" value={data.id} />],
                ['Ends in', data.hint],
                ['State', sayState(data)],
                ['May', data.scopes.map((scope) => scopes[scope]).join('; ')],
                ['Made', <Time key="made" at={data.created_at} />],
                ['Last used', data.last_used_at ? <Time key="used" at={data.last_used_at} /> : 'Never'],
                ['Expires', data.expires_at ? <Time key="expires" at={data.expires_at} /> : 'Never'],
                ['Revoked', data.revoked_at && <Time key="revoked" at={data.revoked_at} />],
              ]}
            />
            <PanelFoot>
              <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
    </Panel>
  )
}
