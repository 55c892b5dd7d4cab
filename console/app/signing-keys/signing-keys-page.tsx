import { type QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { SigningKey } from '../api/wire.ts'
import { to } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ReadAt, Reading, type Seen } from '../reading/reading.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { sayCount } from '../ui/moment.ts'
import { Empty } from '../ui/notice.tsx'
import { Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { type Column, RowTable } from '../ui/row-table.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Moment, TimeInTwoLines } from '../ui/time.tsx'
import { useAsking } from '../ui/use-asking.ts'
import { KeyState } from './key-state-cell.tsx'
import { signingKeysQuery } from './read-signing-keys.ts'
import { AskToRotate } from './rotate-signing-key.tsx'
import classes from './signing-keys-page.module.css'

export const crumb = 'Signing keys'

export function loader(client: QueryClient) {
  void client.prefetchQuery(signingKeysQuery)
}

function columnsFor({ isOld }: Seen): readonly Column<SigningKey>[] {
  return [
    { head: 'State', width: 244, narrow: 180, cell: ({ state }) => <KeyState state={state} isOld={isOld} /> },
    { head: 'Made', from: 'widest', width: 120, cell: ({ created_at }) => <When at={created_at} /> },
    { head: 'Signs from', from: 'medium', width: 120, cell: ({ sign_from }) => <When at={sign_from} /> },
    { head: 'Signs until', from: 'wide', width: 120, cell: ({ sign_until }) => <When at={sign_until} /> },
    { head: 'Accepted until', from: 'wide', width: 124, cell: ({ verify_until }) => <When at={verify_until} /> },
  ]
}

/** On a narrow screen the times have no columns of their own, and stand beneath the id. */
function KeyCell({ signingKey: { kid, sign_from, sign_until, verify_until } }: { signingKey: SigningKey }) {
  return (
    <>
      <Copyable value={kid} />
      <span className={classes.times}>
        {sign_from && (
          <>
            Signs from <Moment at={sign_from} />
          </>
        )}
        {sign_until && (
          <>
            {' '}
            until <Moment at={sign_until} />
          </>
        )}
        {verify_until && (
          <>
            , accepted until <Moment at={verify_until} />
          </>
        )}
      </span>
    </>
  )
}

function When({ at }: { at: string | null }) {
  return at ? <TimeInTwoLines at={at} /> : <span className={classes.absent}>Not set yet</span>
}

export function SigningKeysPage() {
  const keys = useQuery(signingKeysQuery)
  return (
    <Page
      title="Signing keys"
      purpose="They sign the proofs that let applications verify a session by themselves, with Holdfast up or down."
      actions={<Rotate />}
    >
      <Reading query={keys} about="signing keys" waiting={<RowsToCome rows={3} />}>
        {({ data }, seen) => <KeyList keys={data} seen={seen} />}
      </Reading>
    </Page>
  )
}

function KeyList({ keys, seen }: { keys: SigningKey[]; seen: Seen }) {
  if (keys.length === 0) {
    return (
      <Empty title="There is no signing key yet">
        <p>Access makes the first one when it starts. Rotating now makes one as well.</p>
      </Empty>
    )
  }
  return (
    <>
      <RowTable
        label="Signing keys"
        rows={keys}
        rowId={({ kid }) => kid}
        first={{ head: 'Key', cell: (key) => <KeyCell signingKey={key} /> }}
        columns={columnsFor(seen)}
        isOld={seen.isOld}
      />
      <Pager first={null} next={null}>
        <span>{sayCount(keys.length, 'key')}</span>
        <ReadAt seen={seen} />
      </Pager>
    </>
  )
}

function Rotate() {
  const { ask } = useSearch({ from: '/signing-keys' })
  const [isAsking, { open, close }] = useAsking(ask === 'rotate', {
    asking: to.signingKeys({ ask: 'rotate' }),
    silent: to.signingKeys(),
  })
  const reason = useReasonNotTo('settings:write')
  return (
    <>
      <ActButton reason={reason} onClick={open}>
        Rotate now
      </ActButton>
      <AskToRotate isOpen={isAsking} onClose={close} />
    </>
  )
}
