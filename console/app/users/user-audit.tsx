import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sayParty } from '../audit/say-party.ts'
import { to } from '../paths.ts'
import { Reading } from '../reading/reading.tsx'
import { RowsToCome } from '../ui/rows-to-come.tsx'
import { Time } from '../ui/time.tsx'
import { auditAbout } from './read-users.ts'
import classes from './user-panel.module.css'

/** A screen of it; the whole stands on the page of the audit. */
const SHOWN_MAX = 15

/** What was done to somebody, by whom, newest first. */
export function UserAudit({ userId }: { userId: string }) {
  return (
    <>
      <Reading query={useQuery(auditAbout(userId))} about="audit of this user" waiting={<RowsToCome rows={3} />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className={classes.none}>Nothing was done to this account yet, or it is past its retention.</p>
          ) : (
            <ul className={classes.lines} aria-label="Audit about this user">
              {data.slice(0, SHOWN_MAX).map(({ id, text, at, actor, impersonator }) => (
                <li key={id}>
                  <Link {...to.auditEntry(id, { subject: userId })} className={classes.link}>
                    {text}
                  </Link>
                  <span className={classes.beneath}>
                    <Time at={at} /> · by {impersonator ? (impersonator.label ?? impersonator.id) : sayParty(actor)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Reading>
      <ul className={classes.more}>
        <li>
          <Link {...to.audit({ subject: userId })} className={classes.link}>
            Everything done to this user
          </Link>
        </li>
        <li>
          <Link {...to.audit({ actor: userId })} className={classes.link}>
            Everything done by this user
          </Link>
        </li>
      </ul>
    </>
  )
}
