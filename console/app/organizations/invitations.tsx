import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Invitation, Organization } from '../api/wire/organizations.ts'
import type { OrganizationSearch } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Ago } from '../ui/time.tsx'
import { InvitationMark } from './invitation-mark.tsx'
import classes from './lines.module.css'
import { MorePages } from './more-pages.tsx'
import { invitationsQuery } from './read-organizations.ts'
import { RevokeInvitation } from './revoke-invitation.tsx'
import { Roles } from './roles-field.tsx'
import { SendInvitationAgain } from './send-invitation-again.tsx'

interface InvitationsProps {
  organization: Organization
  search: OrganizationSearch
  reason: string | null
  onAsk: (ask: OrganizationSearch['ask']) => void
}

/** What is being done about one invitation; null: nothing. */
type Doing = { what: 'send' | 'revoke'; invitation: Invitation } | null

/** Who was asked to become a member, and what came of it. */
export function Invitations({ organization, search, reason, onAsk }: InvitationsProps) {
  const invitations = useQuery(invitationsQuery(organization.id, search.from))
  const [doing, setDoing] = useState<Doing>(null)
  const stop = () => setDoing(null)
  return (
    <>
      <div className={classes.bar}>
        <ActButton variant="default" reason={reason} onClick={() => onAsk('invite')}>
          Invite by e-mail
        </ActButton>
      </div>
      <Reading query={invitations} about="invitations" waiting={<RowsToCome rows={3} />}>
        {(page, seen) => (
          <>
            {page.data.length === 0 && (
              <p className={classes.none}>
                None yet. Whoever is invited gets a mail with a link, and is a member as soon as they accept it.
              </p>
            )}
            <ul className={classes.lines} aria-label="Invitations" data-old={seen.isOld || undefined}>
              {page.data.map((invitation) => (
                <OneInvitation key={invitation.id} invitation={invitation} reason={reason} onDo={setDoing} />
              ))}
            </ul>
            <MorePages organizationId={organization.id} search={search} next={page.next_cursor} />
            <PanelFoot>
              <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
      {doing?.what === 'send' && <SendInvitationAgain invitation={doing.invitation} onClose={stop} />}
      {doing?.what === 'revoke' && <RevokeInvitation invitation={doing.invitation} onClose={stop} />}
    </>
  )
}

interface OneInvitationProps {
  invitation: Invitation
  reason: string | null
  onDo: (doing: Doing) => void
}

function OneInvitation({ invitation, reason, onDo }: OneInvitationProps) {
  const { email, roles, state, created_at } = invitation
  return (
    <li className={classes.line}>
      <div className={classes.head}>
        <span className={classes.who}>
          {email}
          <span className={classes.beneath}>
            Invited <Ago at={created_at} />
          </span>
        </span>
        {state === 'open' && (
          <span className={classes.acts}>
            <ActButton
              variant="subtle"
              size="compact-xs"
              reason={reason}
              aria-label={`Send again to ${email}`}
              onClick={() => onDo({ what: 'send', invitation })}
            >
              Send again
            </ActButton>
            <ActButton
              variant="subtle"
              size="compact-xs"
              reason={reason}
              aria-label={`Revoke the invitation of ${email}`}
              onClick={() => onDo({ what: 'revoke', invitation })}
            >
              Revoke
            </ActButton>
          </span>
        )}
      </div>
      <InvitationMark invitation={invitation} />
      <Roles roles={roles} />
    </li>
  )
}
