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
import { SEAL_PURPOSE, toProvider } from './told.ts'

/** As it would be with what is given. */
export function saidOf(parts: Parts, before: queries.ProviderRow, input: ChangeProvider): queries.ProviderSaid {
  const { id, preset } = before
  const isNewIssuer = ['issuer', 'domain', 'tenant', 'realm_url'].some((field) => field in input)
  const issuer = isNewIssuer ? issuerOf(preset, input) : before.issuer
  const secret = input.client_secret === undefined ? before.client_secret_sealed : sealed(parts, input.client_secret)
  const isBare = secret === null && input.token_endpoint_auth === undefined
  return {
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
  }
}

/** What a test is about: with another of these it has to be done again. */
export function isOther(parts: Parts, before: queries.ProviderRow, said: queries.ProviderSaid): boolean {
  const plain = (text: string | null) => (text === null ? null : parts.secret.unseal(SEAL_PURPOSE, text))
  const isSame =
    said.issuer === before.issuer &&
    said.client_id === before.client_id &&
    said.token_endpoint_auth === before.token_endpoint_auth &&
    plain(said.client_secret_sealed) === plain(before.client_secret_sealed)
  return !isSame
}

/**
 * Changes what is given. A provider that is enabled stays so, for whoever renews its secret must not have to send everybody away
 * first; but only with settings that were tested (`testedVersion`: what they were tested as a change of). What was begun
 * under the settings before is not finished under these.
 */
export async function changeProvider(
  parts: Parts,
  db: Queries,
  call: Caller,
  { id, testedVersion, ...input }: ChangeProvider & { id: string; testedVersion: number | null },
): Promise<Provider> {
  const now = parts.clock.now()
  const before = await lockedProvider(db, id)
  const said = saidOf(parts, before, input)
  const { issuer } = said
  const keepsTest = !isOther(parts, before, said)
  const isTested = testedVersion === before.version
  if (before.is_enabled && !keepsTest && !isTested) throw refuse('changed_meanwhile')
  const held = (await queries.domainsOf(db, [id])).map(({ domain }) => domain)
  const domains = input.domains ? domainsOf(input.domains) : held
  await formerSelf(db, said)
  await checkDomains(db, id, domains)
  const row = await queries.updateProvider(db, { ...said, keepsTest }, now)
  if (isTested) await queries.noteTested(db, id, row.version, now)
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
