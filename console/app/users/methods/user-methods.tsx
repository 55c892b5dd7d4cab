import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { LinkedIdentity, SignInMethods } from '../../api/wire/fail-over.ts'
import type { User } from '../../api/wire.ts'
import { oneQuery } from '../../list/list-query.ts'
import { api, to } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { Copyable } from '../../ui/copyable.tsx'
import { sayCount } from '../../ui/moment.ts'
import { LineBeneath, LineHead, Lines } from '../../ui/lines.tsx'
import { PanelPart } from '../../ui/panel.tsx'
import { PlainMark } from '../../ui/plain-mark.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TextLink } from '../../ui/text-link.tsx'
import { Ago, Time } from '../../ui/time.tsx'
import { CloseIdentity, ReopenIdentity } from './close-identity.tsx'
import classes from './user-methods.module.css'

const methodsQuery = (userId: string) => oneQuery<SignInMethods>('sign-in methods', api.signInMethods(userId))

/** What somebody can sign in by, on an ordinary day and when their provider is down. */
export function UserMethods({ user }: { user: User }) {
  return (
    <Reading query={useQuery(methodsQuery(user.id))} about="sign-in methods" waiting={<RowsToCome rows={4} />}>
      {(methods, seen) => (
        <div data-old={seen.isOld || undefined} className={classes.methods}>
          <Identities user={user} identities={methods.linked_identities} isOld={seen.isOld} />
          <Mailbox of={methods.email} />
          <Passkeys passkeys={methods.passkeys} />
          <RecoveryCodes left={methods.recovery_codes_left} />
        </div>
      )}
    </Reading>
  )
}

interface IdentitiesProps {
  user: User
  identities: readonly LinkedIdentity[]
  isOld: boolean
}

function Identities({ user, identities, isOld }: IdentitiesProps) {
  const [asked, setAsked] = useState<LinkedIdentity | null>(null)
  const close = () => setAsked(null)
  return (
    <PanelPart title="At providers">
      {identities.length === 0 ? (
        <p className={classes.none}>None: this account signs in here.</p>
      ) : (
        <Lines aria-label="At providers">
          {identities.map((identity) => (
            <Identity key={identity.id} identity={identity} isOld={isOld} onAsk={() => setAsked(identity)} />
          ))}
        </Lines>
      )}
      {asked && !asked.closed_at && <CloseIdentity user={user} identity={asked} onClose={close} />}
      {asked?.closed_at && <ReopenIdentity user={user} identity={asked} onClose={close} />}
    </PanelPart>
  )
}

const closedBecause: Record<string, string> = {
  invalid_grant: 'the provider says that they are gone there',
  'back-channel-logout': 'the provider signed them out everywhere',
  administrator: 'an administrator closed it',
}

interface IdentityProps {
  identity: LinkedIdentity
  isOld: boolean
  onAsk: () => void
}

function Identity({ identity, isOld, onAsk }: IdentityProps) {
  const { provider, email, subject, linked_at, last_proved_at, closed_at, closed_reason } = identity
  const reason = useReasonNotTo('users:write')
  return (
    <li>
      <LineHead>
        {provider.name ? (
          <TextLink to={to.provider(provider.id)}>{provider.name}</TextLink>
        ) : (
          <span>A provider that was removed</span>
        )}
        <ActButton
          variant="subtle"
          size="compact-xs"
          reason={reason}
          aria-label={`${closed_at ? 'Reopen' : 'Close'} the fall-back of ${provider.name ?? provider.id}`}
          onClick={onAsk}
        >
          {closed_at ? 'Reopen' : 'Close the fall-back'}
        </ActButton>
      </LineHead>
      {closed_at ? (
        <StateMark state="degraded">
          Fall-back closed <Ago at={closed_at} />: {closedBecause[closed_reason ?? ''] ?? closed_reason}
        </StateMark>
      ) : (
        <StateMark state={isOld ? 'unknown' : 'ok'}>
          Proved <Ago at={last_proved_at} />
        </StateMark>
      )}
      <LineBeneath>
        {email ?? 'No address'} · linked <Time at={linked_at} />
      </LineBeneath>
      <Copyable value={subject} />
    </li>
  )
}

/** Where codes go, and who says that it is theirs: in an outage that decides whether a mail lets them in. */
function Mailbox({ of: { address, proved_at, asserted_by, asserted_at } }: { of: SignInMethods['email'] }) {
  return (
    <PanelPart title="Mailbox">
      <div className={classes.mailbox}>
        <Copyable value={address} />
        {proved_at && (
          <StateMark state="ok">
            Proved here <Ago at={proved_at} />
          </StateMark>
        )}
        {asserted_by && asserted_at && (
          <PlainMark>
            Vouched for by <TextLink to={to.provider(asserted_by)}>a provider</TextLink>, since <Ago at={asserted_at} />
          </PlainMark>
        )}
        {!proved_at && !asserted_by && <StateMark state="unknown">Nobody has proved it yet</StateMark>}
      </div>
    </PanelPart>
  )
}

function Passkeys({ passkeys }: Pick<SignInMethods, 'passkeys'>) {
  return (
    <PanelPart title="Passkeys">
      {passkeys.length === 0 ? (
        <p className={classes.none}>None. They enrol one on their account page.</p>
      ) : (
        <Lines aria-label="Passkeys">
          {passkeys.map(({ id, name, created_at, last_used_at, is_synced }) => (
            <li key={id}>
              <strong>{name}</strong>
              <LineBeneath>
                {last_used_at ? (
                  <>
                    Used <Ago at={last_used_at} />
                  </>
                ) : (
                  'Never used'
                )}{' '}
                · enrolled <Time at={created_at} />
              </LineBeneath>
              <LineBeneath>
                {is_synced ? 'Kept by a password manager, may be on several devices' : 'Never leaves its device'}
              </LineBeneath>
            </li>
          ))}
        </Lines>
      )}
    </PanelPart>
  )
}

/** With fewer, a lost device leaves somebody outside. */
const FEW = 3

function RecoveryCodes({ left }: { left: number }) {
  return (
    <PanelPart title="Recovery codes">
      <p className={classes.codes}>
        {left === 0 ? (
          <PlainMark>None left, or never made</PlainMark>
        ) : (
          <StateMark state={left < FEW ? 'degraded' : 'ok'}>{sayCount(left, 'code')} left</StateMark>
        )}
      </p>
    </PanelPart>
  )
}
