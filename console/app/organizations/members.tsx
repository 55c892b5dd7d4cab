import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Membership, Organization } from '../api/wire/organizations.ts'
import { type OrganizationSearch, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { ActButton } from '../ui/act-button.tsx'
import { sayCount } from '../ui/moment.ts'
import { PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { sayUser } from '../users/say-user.ts'
import { ChangeRoles } from './change-roles.tsx'
import classes from './lines.module.css'
import { MorePages } from './more-pages.tsx'
import { membersQuery } from './read-organizations.ts'
import { RemoveMember } from './remove-member.tsx'
import { Roles } from './roles-field.tsx'

interface PartProps {
  organization: Organization
  search: OrganizationSearch
  /** Why nothing can be changed now; null: it can. */
  reason: string | null
  onAsk: (ask: OrganizationSearch['ask']) => void
}

/** What is being done about one member; null: nothing. */
type Doing = { what: 'roles' | 'remove'; membership: Membership } | null

/** Who acts for an organisation, and as what. */
export function Members({ organization, search, reason, onAsk }: PartProps) {
  const members = useQuery(membersQuery(organization.id, search.from))
  const [doing, setDoing] = useState<Doing>(null)
  const stop = () => setDoing(null)
  return (
    <>
      <div className={classes.bar}>
        <ActButton variant="default" reason={reason} onClick={() => onAsk('add')}>
          Add a member
        </ActButton>
        <ActButton variant="default" reason={reason} onClick={() => onAsk('invite')}>
          Invite by e-mail
        </ActButton>
      </div>
      <Reading query={members} about="members" waiting={<RowsToCome rows={4} />}>
        {(page, seen) => (
          <>
            {page.data.length === 0 && (
              <p className={classes.none}>Nobody is in {organization.name} yet. Invite its first owner.</p>
            )}
            <ul className={classes.lines} aria-label="Members" data-old={seen.isOld || undefined}>
              {page.data.map((membership) => (
                <Member key={membership.id} membership={membership} reason={reason} onDo={setDoing} />
              ))}
            </ul>
            <MorePages organizationId={organization.id} search={search} next={page.next_cursor} />
            <PanelFoot>
              {sayCount(organization.members, 'member')} · <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
      {doing?.what === 'roles' && <ChangeRoles membership={doing.membership} reason={reason} onClose={stop} />}
      {doing?.what === 'remove' && <RemoveMember membership={doing.membership} onClose={stop} />}
    </>
  )
}

interface MemberProps {
  membership: Membership
  reason: string | null
  onDo: (doing: Doing) => void
}

function Member({ membership, reason, onDo }: MemberProps) {
  const { user, roles } = membership
  return (
    <li className={classes.line}>
      <div className={classes.head}>
        <span className={classes.who}>
          <Link {...to.user(user.id)} className={classes.name}>
            {sayUser(user)}
          </Link>
          {user.name && <span className={classes.beneath}>{user.email ?? user.id}</span>}
        </span>
        <span className={classes.acts}>
          <ActButton
            variant="subtle"
            size="compact-xs"
            reason={reason}
            aria-label={`Change roles of ${sayUser(user)}`}
            onClick={() => onDo({ what: 'roles', membership })}
          >
            Change roles
          </ActButton>
          <ActButton
            variant="subtle"
            size="compact-xs"
            reason={reason}
            aria-label={`Remove ${sayUser(user)}`}
            onClick={() => onDo({ what: 'remove', membership })}
          >
            Remove
          </ActButton>
        </span>
      </div>
      <Roles roles={roles} />
    </li>
  )
}
