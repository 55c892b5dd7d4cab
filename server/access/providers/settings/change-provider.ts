import type { Queries } from '../../../platform/database/index.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import { forgetDocuments } from '../documents/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { Caller } from './add-provider.ts'
import type { ChangeProvider } from './input.ts'
import { domainsOf, issuerOf, tenantsOf } from './presets.ts'
import { authenticationOf, checkDomains, formerSelf, keepIssuers, nameOf, scopesOf, sealed } from './said.ts'
import { toProvider } from './told.ts'

/** What a test was about: with another of these it has to be done again before the provider can be enabled. */
const TESTED = ['issuer', 'client_id', 'client_secret', 'token_endpoint_auth', 'domain', 'tenant', 'realm_url'] as const

/**
 * Changes what is given. A provider that is enabled stays so: whoever renews its secret must not have to send everybody away
 * first. What was begun under the settings before is not finished under these.
 */
export async function changeProvider(
  parts: Parts,
  db: Queries,
  call: Caller,
  { id, ...input }: ChangeProvider & { id: string },
): Promise<Provider> {
  const now = parts.clock.now()
  const before = await lockedProvider(db, id)
  const { preset } = before
  const isNewIssuer = ['issuer', 'domain', 'tenant', 'realm_url'].some((field) => field in input)
  const issuer = isNewIssuer ? issuerOf(preset, input) : before.issuer
  const held = (await queries.domainsOf(db, [id])).map(({ domain }) => domain)
  const domains = input.domains ? domainsOf(input.domains) : held
  const secret = input.client_secret === undefined ? before.client_secret_sealed : sealed(parts, input.client_secret)
  const isBare = secret === null && input.token_endpoint_auth === undefined
  const said = {
    id,
    preset,
    issuer,
    name: input.name === undefined ? before.name : nameOf(input.name),
    client_id: input.client_id?.trim() ?? before.client_id,
    client_secret_sealed: secret,
    client_secret_expires_at: expiryOf(input, before),
    token_endpoint_auth: authenticationOf(
      isBare ? undefined : (input.token_endpoint_auth ?? withSecret(before)),
      secret !== null,
    ),
    scopes: input.scopes ? scopesOf(input.scopes) : before.scopes,
    tenants: tenantsOf(preset, issuer, input.tenants ?? before.tenants),
    trusts_email: input.trusts_email ?? before.trusts_email,
    trusts_factors: input.trusts_factors ?? before.trusts_factors,
    keys_good_for_ms: input.keys_good_for_ms ?? Number(before.keys_good_for_ms),
    keepsTest: !TESTED.some((field) => field in input),
  }
  await formerSelf(db, said)
  await checkDomains(db, id, domains)
  const row = await queries.updateProvider(db, said, now)
  await keepIssuers(db, row, now)
  if (input.domains) await queries.setDomains(db, id, domains, now)
  if (issuer !== before.issuer) await forgetDocuments(db, id)
  await parts.audit(db, {
    by: byCaller(call),
    action: 'provider.changed',
    subject: { kind: 'provider', id },
    facts: { changed: Object.keys(input), issuer, trusts_email: row.trusts_email, trusts_factors: row.trusts_factors },
  })
  return toProvider(row, domains)
}

const withSecret = ({ token_endpoint_auth: before }: queries.ProviderRow) => (before === 'none' ? undefined : before)

/** A new secret without a date is not one that runs out when the old one did. */
function expiryOf(input: ChangeProvider, before: queries.ProviderRow): Date | null {
  const { client_secret_expires_at: given } = input
  if (given !== undefined) return given === null ? null : new Date(given)
  return input.client_secret === undefined ? before.client_secret_expires_at : null
}

export async function lockedProvider(db: Queries, id: string): Promise<queries.ProviderRow> {
  const row = await queries.lockProvider(db, id)
  if (!row) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
  return row
}
