import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Organization } from '../api/wire/organizations.ts'
import { type OrganizationSearch, to } from '../paths.ts'
import { ReadAt, Reading } from '../reading/reading.tsx'
import { SessionMark } from '../sessions/session-mark.tsx'
import { sayApplication, sayDevice, sayPerson } from '../sessions/session-state.ts'
import { PanelFoot } from '../ui/panel.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { TextLink } from '../ui/text-link.tsx'
import { Ago } from '../ui/time.tsx'
import classes from './lines.module.css'
import { MorePages } from './more-pages.tsx'
import { liveSessionsQuery } from './read-organizations.ts'

/** Who acts for an organisation at this moment, and where. */
export function LiveSessions({ organization, search }: { organization: Organization; search: OrganizationSearch }) {
  const sessions = useQuery(liveSessionsQuery(organization.id, search.from))
  return (
    <>
      <div className={classes.bar}>
        <TextLink to={to.sessions({ organization: organization.id, state: 'all' })}>
          All sessions, ended ones too
        </TextLink>
      </div>
      <Reading query={sessions} about="sessions" waiting={<RowsToCome rows={4} />}>
        {(page, seen) => (
          <>
            {page.data.length === 0 && (
              <p className={classes.none}>None. Nobody acts for {organization.name} at this moment.</p>
            )}
            <ul className={classes.lines} aria-label="Live sessions" data-old={seen.isOld || undefined}>
              {page.data.map((session) => (
                <li key={session.id} className={classes.line}>
                  <div className={classes.head}>
                    <span className={classes.who}>
                      <Link {...to.session(session.id, { organization: organization.id })} className={classes.name}>
                        {sayPerson(session)}
                      </Link>
                      <span className={classes.beneath}>
                        {sayApplication(session.audience)} · {sayDevice(session)} · seen{' '}
                        <Ago at={session.last_seen_at} />
                      </span>
                    </span>
                    <SessionMark session={session} isOld={seen.isOld} />
                  </div>
                </li>
              ))}
            </ul>
            <MorePages organizationId={organization.id} search={search} next={page.next_cursor} />
            <PanelFoot>
              <ReadAt seen={seen} />
            </PanelFoot>
          </>
        )}
      </Reading>
    </>
  )
}
