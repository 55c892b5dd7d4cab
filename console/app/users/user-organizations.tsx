import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { to } from '../paths.ts'
import { Reading } from '../reading/reading.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Ago } from '../ui/time.tsx'
import { membershipsOf } from './read-users.ts'
import classes from './user-panel.module.css'

/** On whose behalf somebody may act, and as what. */
export function UserOrganizations({ userId }: { userId: string }) {
  return (
    <Reading
      query={useQuery(membershipsOf(userId))}
      about="organisations of this user"
      waiting={<RowsToCome rows={2} />}
    >
      {({ data }) =>
        data.length === 0 ? (
          <p className={classes.none}>
            In no organisation. Memberships are made on the page of an{' '}
            <Link {...to.organizations()} className={classes.link}>
              organisation
            </Link>
            , or by an invitation.
          </p>
        ) : (
          <ul className={classes.lines} aria-label="Organisations">
            {data.map(({ id, organization, roles, created_at }) => (
              <li key={id}>
                <Link {...to.organization(organization.id)} className={classes.link}>
                  {organization.name}
                </Link>
                <span className={classes.beneath}>
                  {roles.join(', ')} · since <Ago at={created_at} />
                </span>
              </li>
            ))}
          </ul>
        )
      }
    </Reading>
  )
}
