import { Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/call.ts'
import type { Provider, ProviderKey } from '../../api/wire/providers.ts'
import { FormDialog } from '../../form/form-dialog.tsx'
import { useForm } from '../../form/use-form.ts'
import { oneQuery } from '../../list/list-query.ts'
import { api } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { NeedsFreshSignIn } from '../../tokens/fresh-sign-in.tsx'
import { ActButton } from '../../ui/act-button.tsx'
import { Card } from '../../ui/card.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Ago } from '../../ui/time.tsx'
import classes from './provider-keys.module.css'

const keysQuery = (providerId: string) =>
  oneQuery<{ data: ProviderKey[] }>('provider keys', api.providerKeys(providerId))
/** The newest say what is going on; the API has two hundred. */
const SHOWN_MAX = 8

/** What its tokens are checked by. A key that it took away is never good again, unless an administrator says so. */
export function ProviderKeys({ provider }: { provider: Provider }) {
  const reason = useReasonNotTo('providers:write')
  const [asked, setAsked] = useState<ProviderKey | null>(null)
  return (
    <Card title="Keys, as they were seen">
      <Reading query={useQuery(keysQuery(provider.id))} about="keys" waiting={<RowsToCome rows={2} />}>
        {({ data }, seen) =>
          data.length === 0 ? (
            <p className={classes.none}>None was seen yet: they are fetched every five minutes.</p>
          ) : (
            <ul className={classes.lines} aria-label="Keys" data-old={seen.isOld || undefined}>
              {data.slice(0, SHOWN_MAX).map((key) => (
                <OneKey
                  key={key.thumbprint}
                  of={key}
                  isOld={seen.isOld}
                  reason={reason}
                  onReinstate={() => setAsked(key)}
                />
              ))}
            </ul>
          )
        }
      </Reading>
      {asked && <Reinstate provider={provider} of={asked} onClose={() => setAsked(null)} />}
    </Card>
  )
}

interface OneKeyProps {
  of: ProviderKey
  isOld: boolean
  reason: string | null
  onReinstate: () => void
}

function OneKey({ of: { kid, thumbprint, last_seen_at, withdrawn_at }, isOld, reason, onReinstate }: OneKeyProps) {
  const name = kid ?? thumbprint
  return (
    <li>
      <code title={thumbprint}>{name}</code>
      {withdrawn_at ? (
        <PlainMark>
          Withdrawn <Ago at={withdrawn_at} />
        </PlainMark>
      ) : (
        <StateMark state={isOld ? 'unknown' : 'ok'}>
          Seen <Ago at={last_seen_at} />
        </StateMark>
      )}
      {withdrawn_at && (
        <ActButton
          variant="subtle"
          size="compact-xs"
          reason={reason}
          aria-label={`Take back that ${name} was withdrawn`}
          onClick={onReinstate}
        >
          Take back
        </ActButton>
      )}
    </li>
  )
}

/** As access has them. */
const REASON = { least: 5, most: 500 } as const
const initial = { reason: '' }

interface ReinstateProps {
  provider: Provider
  of: ProviderKey
  onClose: () => void
}

/** For a provider whose network served an old set for a while: what it took away is still its own. */
function Reinstate({ provider, of: { kid, thumbprint }, onClose }: ReinstateProps) {
  const mayNot = useReasonNotTo('providers:write')
  const form = useForm<typeof initial, unknown>({
    initial,
    check: ({ reason }) =>
      reason.trim().length < REASON.least ? { reason: 'Say why it is good: it stands in the audit.' } : {},
    send: ({ reason }, idempotencyKey) =>
      call({
        path: api.providerKeyReinstatements(provider.id),
        method: 'POST',
        body: { thumbprint, reason: reason.trim() },
        idempotencyKey,
      }),
    onDone: () => {
      onClose()
      notifications.show({ title: 'The withdrawal is taken back', message: 'The key is good when its set holds it.' })
    },
  })
  return (
    <FormDialog
      isOpen
      title="Take the withdrawal of a key back?"
      purpose={
        <>
          {provider.name} took <code>{kid ?? thumbprint}</code> away, so whatever it signs is refused. Do this only when
          they say that the key is their own: if it was stolen, whoever has it can sign in as anybody.
        </>
      }
      yes="Take it back"
      form={form}
      reason={mayNot}
      onClose={onClose}
    >
      <NeedsFreshSignIn />
      <Textarea
        size="xs"
        label="Reason"
        placeholder="The provider says it is theirs, ticket 4711"
        autosize
        minRows={2}
        maxLength={REASON.most}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  )
}
