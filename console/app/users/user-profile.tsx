import type { User } from '../api/wire.ts'
import { to, type UserAsk } from '../paths.ts'
import type { Seen } from '../reading/reading.tsx'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { Copyable } from '../ui/copyable.tsx'
import { Facts, PanelPart } from '../ui/panel.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Time } from '../ui/time.tsx'
import { AccountMark } from './account-mark.tsx'
import { Metadata } from './metadata.tsx'
import classes from './user-panel.module.css'

interface UserProfileProps {
  user: User
  seen: Seen
  open: (ask: UserAsk) => void
}

/** Ways to prove who somebody is, in words. One of a newer access is shown as it came. */
const factorNames: Record<string, string> = { email: 'Code by e-mail' }

export function UserProfile({ user, seen, open }: UserProfileProps) {
  const mayNotWrite = useReasonNotTo('users:write')
  return (
    <>
      <Facts
        facts={[
          ['State', <AccountMark key="state" user={user} isOld={seen.isOld} />],
          ['Id', <Copyable key="id" value={user.id} />],
          ['E-mail', user.email && <Copyable key="email" value={user.email} />],
          ['Name', user.name],
          ['Picture', user.picture_url && <Copyable key="picture" value={user.picture_url} />],
          ['Language', user.locale],
          ['Time zone', user.time_zone],
          ['Works here', user.is_administrator ? 'Yes, may use this console' : 'No'],
          ['Account made', <Time key="made" at={user.created_at} />],
          ['Last sign-in', user.last_sign_in_at ? <Time key="last" at={user.last_sign_in_at} /> : 'Never'],
        ]}
      />
      <p className={classes.edit}>
        <ActButton reason={mayNotWrite} variant="default" onClick={() => open('edit')}>
          Edit profile
        </ActButton>
        <ActButton
          reason={mayNotWrite ?? (user.deletes_at ? 'This account is being deleted. Undo that first.' : null)}
          variant="default"
          onClick={() => open('email')}
        >
          Change e-mail
        </ActButton>
      </p>
      <PanelPart title="Ways to sign in">
        <Facts
          facts={user.factors.map(
            ({ kind, since }) => [factorNames[kind] ?? kind, <Since key={kind} at={since} />] as const,
          )}
        />
        <TextLink to={to.user(user.id, { part: 'methods' })}>Passkeys, providers and recovery codes</TextLink>
      </PanelPart>
      <PanelPart title="Public metadata">
        <Metadata
          label="Public metadata"
          value={user.metadata_public}
          purpose="Applications may show this to the user."
        />
      </PanelPart>
      <PanelPart title="Private metadata">
        <Metadata
          label="Private metadata"
          value={user.metadata_private}
          purpose="Only servers read this; it is never in a proof."
        />
      </PanelPart>
    </>
  )
}

function Since({ at }: { at: string }) {
  return (
    <>
      Since <Time at={at} />
    </>
  )
}
