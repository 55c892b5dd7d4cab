import { Button } from '@mantine/core'
import { type QueryClient, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { Token } from '../api/wire/tokens.ts'
import { to, type TokensSearch } from '../paths.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Empty } from '../ui/notice.tsx'
import { Facts, Panel, PanelFoot, PanelPart } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Time } from '../ui/time.tsx'
import { listSearch, tokenQuery } from './read-tokens.ts'
import { RevokeToken } from './revoke-token.tsx'
import { groupScopes, meaningOf } from './scope-groups.ts'
import { TokenMark } from './token-mark.tsx'
import classes from './token-panel.module.css'

export const crumb = 'Token'

export function loader(client: QueryClient, tokenId: string) {
  void client.prefetchQuery(tokenQuery(tokenId))
}

export function TokenPanel() {
  const { tokenId } = useParams({ from: '/tokens/$tokenId' })
  const search = useSearch({ from: '/tokens/$tokenId' })
  const navigate = useNavigate()
  const token = useQuery(tokenQuery(tokenId))
  const ask = (asked: 'revoke' | undefined) => navigate(to.token(tokenId, { ...listSearch(search), ask: asked }))
  return (
    <Panel
      key={tokenId}
      label="Token"
      row={tokenId}
      title={token.data?.name ?? tokenId}
      back={to.tokens(listSearch(search))}
      actions={token.data?.state === 'live' && <Revoke onAsk={() => ask('revoke')} />}
    >
      <Reading
        query={token}
        about="token"
        waiting={<RowsToCome rows={5} />}
        notFound={<NoSuchToken search={listSearch(search)} />}
      >
        {(data, seen) => (
          <>
            <TokenFacts token={data} seen={seen} />
            {search.ask === 'revoke' && data.state === 'live' && (
              <RevokeToken token={data} onClose={() => ask(undefined)} />
            )}
          </>
        )}
      </Reading>
    </Panel>
  )
}

function TokenFacts({ token, seen }: { token: Token; seen: Seen }) {
  return (
    <>
      <Facts
        facts={[
          ['State', <TokenMark key="state" token={token} isOld={seen.isOld} />],
          ['Id', <Copyable key="id" value={token.id} />],
          ['For', token.kind === 'browser' ? 'Browsers' : 'A program'],
          ['Ends in', <code key="hint">{token.hint}</code>],
          ['Last used', token.last_used_at ? <Time key="used" at={token.last_used_at} /> : 'Never'],
          ['Expires', token.expires_at ? <Time key="expires" at={token.expires_at} /> : 'Never'],
          ['Made', <Time key="made" at={token.created_at} />],
          ...(token.created_by ? [['Made by', <By key="by" id={token.created_by} />] as const] : []),
          ...(token.revoked_at ? [['Revoked', <Time key="revoked" at={token.revoked_at} />] as const] : []),
          ...(token.revoked_by ? [['Revoked by', <By key="revoker" id={token.revoked_by} />] as const] : []),
          [
            'History',
            <TextLink key="audit" to={to.audit({ subject: token.id })}>
              In the audit
            </TextLink>,
          ],
        ]}
      />
      {token.kind === 'browser' && (
        <PanelPart title="Pages that may send it">
          <ul className={classes.scopes} aria-label="Pages that may send it">
            {token.origins.map((origin) => (
              <li key={origin}>{origin}</li>
            ))}
          </ul>
        </PanelPart>
      )}
      <PanelPart title="May">
        <ul className={classes.scopes} aria-label="May">
          {token.kind === 'browser' && <li>Ask the flags that are marked for browsers for their answers</li>}
          {groupScopes(token.scopes).flatMap(({ scopes }) =>
            scopes.map((scope) => (
              <li key={scope}>
                {meaningOf(scope)} <code className={classes.scope}>{scope}</code>
              </li>
            )),
          )}
        </ul>
      </PanelPart>
      <PanelFoot>
        <ReadAt seen={seen} />
      </PanelFoot>
    </>
  )
}

/** A person has a page here; a token has too; what made itself by the command line has none. */
function By({ id }: { id: string }) {
  if (id.startsWith('usr_')) return <TextLink to={to.user(id)}>{id}</TextLink>
  if (id.startsWith('tok_')) return <TextLink to={to.token(id)}>{id}</TextLink>
  return id
}

function Revoke({ onAsk }: { onAsk: () => void }) {
  return (
    <ActButton variant="default" reason={useReasonNotTo('tokens:write')} onClick={onAsk}>
      Revoke
    </ActButton>
  )
}

function NoSuchToken({ search }: { search: TokensSearch }) {
  return (
    <Empty
      title="There is no such token"
      action={
        <Button variant="default" renderRoot={(props) => <Link {...props} {...to.tokens(search)} />}>
          Back to the list
        </Button>
      }
    >
      <p>The id may belong to another installation.</p>
    </Empty>
  )
}
