import { useQuery } from '@tanstack/react-query'
import type { LinkedIdentity, Passkey, SignInMethods } from '../../api/wire/fail-over.ts'
import type { User } from '../../api/wire.ts'
import { to, type UserAsk } from '../../paths.ts'
import { Reading } from '../../reading/reading.tsx'
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
import { methodsQuery } from './read-methods.ts'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'
import classes from './user-methods.module.css'

/** Opens a question about one of the ways, named by its id. */
type Open = (ask: UserAsk, which: string) => void

/** What somebody can sign in by, on an ordinary day and when their provider is down. */
export function UserMethods({ user, open }: { user: User; open: Open }) {
  const reason = useReasonNotToChange(user)
  return (
    <Reading query={useQuery(methodsQuery(user.id))} about="sign-in methods" waiting={<RowsToCome rows={4} />}>
      {(methods, seen) => (
        <div data-old={seen.isOld || undefined} className={classes.methods}>
          <Identities identities={methods.linked_identities} {...{ isOld: seen.isOld, reason, open }} />
          <Mailbox of={methods.email} />
          <Passkeys passkeys={methods.passkeys} {...{ reason, open }} />
          <RecoveryCodes left={methods.recovery_codes_left} />
        </div>
      )}
    </Reading>
  )
}

interface ChangeProps {
  /** Why nothing can be changed now; null: it can. */
  reason: string | null
  open: Open
}

interface IdentitiesProps extends ChangeProps {
  identities: readonly LinkedIdentity[]
  isOld: boolean
}

function Identities({ identities, ...rest }: IdentitiesProps) {
  return (
    <PanelPart title="At providers">
      {identities.length === 0 ? (
        <p className={classes.none}>None: this account signs in here.</p>
      ) : (
        <Lines aria-label="At providers">
          {identities.map((identity) => (
            <Identity key={identity.id} identity={identity} {...rest} />
          ))}
        </Lines>
      )}
    </PanelPart>
  )
}

const closedBecause: Record<string, string> = {
  invalid_grant: 'the provider says that they are gone there',
  'back-channel-logout': 'the provider signed them out everywhere',
  administrator: 'an administrator closed it',
}

interface IdentityProps extends ChangeProps {
  identity: LinkedIdentity
  isOld: boolean
}

function Identity({ identity, isOld, reason, open }: IdentityProps) {
  const { id, provider, email, subject, linked_at, last_proved_at, closed_at, closed_reason } = identity
  const at = provider.name ?? provider.id
  return (
    <li>
      <LineHead>
        {provider.name ? (
          <TextLink to={to.provider(provider.id)}>{provider.name}</TextLink>
        ) : (
          <span>A provider that was removed</span>
        )}
        <span className={classes.acts}>
          <ActButton
            variant="subtle"
            size="compact-xs"
            reason={reason}
            aria-label={`${closed_at ? 'Reopen' : 'Close'} the fall-back of ${at}`}
            onClick={() => open(closed_at ? 'reopen-identity' : 'close-identity', id)}
          >
            {closed_at ? 'Reopen' : 'Close the fall-back'}
          </ActButton>
          <Remove label={`Remove the identity at ${at}`} reason={reason} onClick={() => open('remove-identity', id)} />
        </span>
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

interface PasskeysProps extends ChangeProps {
  passkeys: readonly Passkey[]
}

function Passkeys({ passkeys, reason, open }: PasskeysProps) {
  return (
    <PanelPart title="Passkeys">
      {passkeys.length === 0 ? (
        <p className={classes.none}>None. They enrol one on their account page.</p>
      ) : (
        <Lines aria-label="Passkeys">
          {passkeys.map((passkey) => (
            <PasskeyLine key={passkey.id} passkey={passkey}>
              <Remove
                label={`Remove the passkey ${passkey.name}`}
                reason={reason}
                onClick={() => open('remove-passkey', passkey.id)}
              />
            </PasskeyLine>
          ))}
        </Lines>
      )}
    </PanelPart>
  )
}

function PasskeyLine({ passkey, children }: React.PropsWithChildren<{ passkey: Passkey }>) {
  const { name, created_at, last_used_at, is_synced, is_confirmed, is_copied } = passkey
  return (
    <li>
      <LineHead>
        <strong className={classes.name}>{name}</strong>
        {children}
      </LineHead>
      {is_copied && <StateMark state="failing">Seems copied: it opens nothing. Remove it</StateMark>}
      {!is_confirmed && <StateMark state="degraded">From a backup: it opens nothing until they confirm it</StateMark>}
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
  )
}

function Remove({ label, reason, onClick }: { label: string; reason: string | null; onClick: () => void }) {
  return (
    <ActButton variant="subtle" size="compact-xs" reason={reason} aria-label={label} onClick={onClick}>
      Remove
    </ActButton>
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
