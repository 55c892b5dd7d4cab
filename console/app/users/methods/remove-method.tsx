import { call } from '../../api/call.ts'
import { isFailure } from '../../api/failure.ts'
import type { LinkedIdentity, Passkey, SignInMethods } from '../../api/wire/fail-over.ts'
import type { User } from '../../api/wire.ts'
import { AskDeed } from '../../form/ask-deed.tsx'
import { api } from '../../paths.ts'
import { Notice } from '../../ui/notice.tsx'
import { sayUser } from '../say-user.ts'
import { useReasonNotToChange } from './use-reason-not-to-change.ts'
import classes from './user-methods.module.css'
import { isLastPasskey, isUsable, waysLeft } from './ways-left.ts'

interface AboutProps {
  user: User
  methods: SignInMethods
  onClose: () => void
}

/** For whoever has lost it, and whatever else could confirm them: there is no way back, so the dialog says what stays. */
export function RemovePasskey({ user, methods, passkey, onClose }: AboutProps & { passkey: Passkey }) {
  const who = sayUser(user)
  const isLast = isLastPasskey(methods, passkey.id)
  return (
    <AskDeed
      isOpen
      title={`Remove the passkey ${passkey.name}?`}
      yes="Remove passkey"
      isDestructive
      reason={useReasonNotToChange(user)}
      deed={(idempotencyKey) => remove(api.passkeyOfUser(user.id, passkey.id), idempotencyKey)}
      said={(outcome) => ({ title: `The passkey ${passkey.name} is removed`, message: sayOutcome(outcome, who) })}
      again={AGAIN}
      onClose={onClose}
    >
      <p>
        {isUsable(passkey) ? (
          <>
            <strong>{who}</strong> can no longer sign in with <strong>{passkey.name}</strong>.
          </>
        ) : (
          <>
            <strong>{passkey.name}</strong> of <strong>{who}</strong> opens nothing now, and never will.
          </>
        )}{' '}
        No restore brings it back; found again, it can be enrolled anew.
      </p>
      <Left ways={waysLeft(methods, passkey.id)} />
      <GoesOn>If somebody else may have the device, end their sessions too.</GoesOn>
      {isLast && (
        <Notice state="degraded" title="It is their last passkey">
          <p>Without one, whoever signs in by what is left can add a new one. Be sure that it is {who} who asks.</p>
        </Notice>
      )}
    </AskDeed>
  )
}

/** For whoever their provider made anew, with another subject. */
export function RemoveIdentity({ user, methods, identity, onClose }: AboutProps & { identity: LinkedIdentity }) {
  const who = sayUser(user)
  const { provider, subject, closed_reason } = identity
  const at = provider.name ?? 'a provider that was removed'
  return (
    <AskDeed
      isOpen
      title={`Remove the identity at ${at}?`}
      yes="Remove identity"
      isDestructive
      reason={useReasonNotToChange(user)}
      deed={(idempotencyKey) => remove(api.linkedIdentity(user.id, identity.id), idempotencyKey)}
      said={(outcome) => ({ title: `The identity at ${at} is removed`, message: sayOutcome(outcome, who) })}
      again={AGAIN}
      onClose={onClose}
    >
      <p>
        <strong>{who}</strong> is no longer known as <code className={classes.subject}>{subject}</code> at{' '}
        <strong>{at}</strong>.{' '}
        {provider.name && <>When they next come through {provider.name}, they prove their address by a code first.</>}
      </p>
      {closed_reason === 'administrator' && provider.name && (
        <p>An administrator closed its fall-back: what they link there next is closed too.</p>
      )}
      <Left ways={waysLeft(methods, identity.id)} />
      <GoesOn />
    </AskDeed>
  )
}

/** The last way is named: whoever removes the one before it should know that mailbox. */
function Left({ ways }: { ways: readonly string[] }) {
  if (ways.length === 0) {
    return (
      <p>
        <strong>Nothing is left by which they could sign in.</strong>
      </p>
    )
  }
  if (ways.length === 1) {
    return (
      <p>
        The last way in is then <strong>{ways[0]}</strong>.
      </p>
    )
  }
  return (
    <>
      <p>They still get in by:</p>
      <ul className={classes.ways}>
        {ways.map((way) => (
          <li key={way}>{way}</li>
        ))}
      </ul>
    </>
  )
}

const GoesOn = ({ children }: React.PropsWithChildren) => (
  <>
    <p>Where an organisation demands its provider or a second factor, they still need that.</p>
    <p>They are told by mail, and stay signed in where they are. {children}</p>
  </>
)

type Outcome = 'removed' | 'gone'

const AGAIN = 'Trying again is safe: it can be removed only once.'
const sayOutcome = (outcome: Outcome, who: string) =>
  outcome === 'gone' ? 'It was gone already.' : `${who} is told by mail.`

/** What is gone is what was asked for: by a colleague, or by ourselves when the answer was lost. */
async function remove(path: string, idempotencyKey: string): Promise<Outcome> {
  try {
    await call<undefined>({ path, method: 'DELETE', idempotencyKey })
    return 'removed'
  } catch (error) {
    if (isFailure(error, 'not-found') && GONE.has(error.code)) return 'gone'
    throw error
  }
}

const GONE: ReadonlySet<string> = new Set(['identity.no_passkey', 'identity.no_linked_identity'])
