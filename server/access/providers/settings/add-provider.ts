import type { Queries } from '../../../platform/database/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { newId } from '../../../platform/id.ts'
import { byCaller } from '../../../ground/audit/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import type { AddProvider } from './input.ts'
import { domainsOf, issuerOf, presetForms, tenantsOf } from './presets.ts'
import { authenticationOf, checkDomains, formerSelf, keepIssuers, nameOf, scopesOf, sealed } from './said.ts'
import { toProvider } from './told.ts'

export type Caller = Pick<Call, 'actor' | 'address' | 'headers'>

/** A day: keys that cannot be fetched for longer are more likely gone than late. */
const KEYS_GOOD_MS = 24 * 60 * 60_000

/**
 * Sets a provider up, disabled: nobody is sent to it before it was tested. One that was deleted and comes again with its issuer
 * is the one that it was: its people come in by the identities that they had linked.
 */
export async function addProvider(parts: Parts, db: Queries, call: Caller, input: AddProvider): Promise<Provider> {
  const now = parts.clock.now()
  const { preset } = input
  const issuer = issuerOf(preset, input)
  const domains = domainsOf(input.domains ?? [])
  const tenants = tenantsOf(preset, issuer, input.tenants ?? [])
  const former = await formerSelf(db, { preset, issuer, tenants })
  const said = {
    id: newId('prv', now),
    ...former,
    name: nameOf(input.name),
    preset,
    issuer,
    client_id: input.client_id.trim(),
    client_secret_sealed: sealed(parts, input.client_secret),
    client_secret_expires_at: input.client_secret_expires_at ? new Date(input.client_secret_expires_at) : null,
    token_endpoint_auth: authenticationOf(input.token_endpoint_auth, Boolean(input.client_secret)),
    scopes: scopesOf(input.scopes ?? presetForms[preset].scopes),
    tenants,
    trusts_email: input.trusts_email ?? false,
    trusts_factors: input.trusts_factors ?? false,
    keys_good_for_ms: input.keys_good_for_ms ?? KEYS_GOOD_MS,
  }
  await checkDomains(db, said.id, domains)
  if ((await queries.countProviders(db)) >= queries.PROVIDERS_MAX)
    throw refuse('too_many', { max: queries.PROVIDERS_MAX })
  const row = await queries.insertProvider(db, said, now)
  await keepIssuers(db, row, now)
  await queries.setDomains(db, row.id, domains, now)
  await parts.audit(db, {
    by: byCaller(call),
    action: 'provider.added',
    subject: { kind: 'provider', id: row.id },
    facts: {
      ...{ preset, issuer, domains, is_known_again: former !== undefined },
      ...{ trusts_email: row.trusts_email, trusts_factors: row.trusts_factors },
    },
  })
  return toProvider(row, domains)
}
