import type { ReadinessOf } from '../../api/wire/fail-over.ts'
import { to } from '../../paths.ts'
import { sayNumber } from '../../ui/moment.ts'
import { TextLink } from '../../ui/text-link.tsx'
import classes from './readiness.module.css'

/** As many as come with each provider; the others have a page of their own. */
const WORST_SHOWN = 10

/** Where most people would be kept out. */
export function OrganizationsReady(props: { providerId: string; organizations: readonly ReadinessOf[] }) {
  const { providerId, organizations } = props
  if (organizations.length === 0) return null
  return (
    <section className={classes.part}>
      <h3>Organisations, the worst first</h3>
      <OrganizationTable providerId={providerId} organizations={organizations} />
      {organizations.length >= WORST_SHOWN && (
        <p className={classes.more}>
          <TextLink to={to.readinessOrganizations(providerId)}>All organisations</TextLink>
        </p>
      )}
    </section>
  )
}

export function OrganizationTable(props: { providerId: string; organizations: readonly ReadinessOf[] }) {
  const { providerId, organizations } = props
  return (
    <table className={classes.table} aria-label="Organisations, the worst first">
      <thead>
        <tr>
          <th scope="col">Organisation</th>
          <th scope="col">Could</th>
          <th scope="col">Could not</th>
        </tr>
      </thead>
      <tbody>
        {organizations.map(({ organization, ready, active, ready_percent, able }) => (
          <tr key={organization?.id}>
            <th scope="row">
              {organization && (
                <TextLink to={to.organization(organization.id, { part: 'sign-in' })}>{organization.name}</TextLink>
              )}
            </th>
            <td>
              {ready_percent === null ? '–' : `${ready_percent} %`}
              <span className={classes.beneath}>
                {sayNumber(ready)} of {sayNumber(active)}
              </span>
            </td>
            <td>
              {able.no > 0 && organization ? (
                <TextLink to={to.readinessPeople(providerId, { organization: organization.id })}>
                  {sayNumber(able.no)}
                </TextLink>
              ) : (
                sayNumber(able.no)
              )}
              {able.unknown > 0 && <span className={classes.beneath}>{sayNumber(able.unknown)} not known yet</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
