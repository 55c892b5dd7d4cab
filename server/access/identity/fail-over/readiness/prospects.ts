import type { Queries } from '../../../../platform/database/index.ts'
import type { Provider } from '../../../providers/index.ts'
import type { Parts } from '../../parts.ts'
import { enrolledAs, PASSKEYS_MAX } from '../../passkeys/passkey.ts'
import { areFactorsTrusted } from '../check-policy.ts'
import { assertionOf } from '../decide-entry.ts'
import { type KeptPolicy, policiesOf as keptPolicies } from '../queries.ts'
import type { Prospect } from './judge-person.ts'
import { mailboxOf } from './mail-vendor.ts'
import * as queries from './queries.ts'
import { ACTIVE_WITHIN_MS } from './readiness.ts'

/** One active person and one provider through which they come. */
export interface Candidate {
  userId: string
  provider: Provider
  person: Prospect
}

/** A domain is wanted anew once a day, so that the list of them is not written with every count. */
const WANTED_AGAIN_MS = 24 * 60 * 60_000

/** Those of these people who are active, for each provider that they come through; the domains nobody knew are looked up later. */
export async function candidatesAmong(
  parts: Parts,
  db: Queries,
  { portion, limit }: { portion: queries.Portion; limit: number },
  providers: ReadonlyMap<string, Provider>,
): Promise<Candidate[]> {
  const now = parts.clock.now()
  const since = new Date(now.getTime() - ACTIVE_WITHIN_MS)
  const rows = (await queries.activeAmong(db, { portion, since, limit })).filter((row) =>
    providers.has(row.provider_id),
  )
  if (rows.length === 0) return []
  const rpId = parts.config.relyingPartyId
  const [passkeys, hosts] = await Promise.all([
    queries.passkeysAmong(db, { portion, rpId, limit: limit * PASSKEYS_MAX }),
    knownHosts(parts, db, rows),
  ])
  const passkeysOf = Map.groupBy(passkeys, (row) => row.user_id)
  const rowsOf = Map.groupBy(rows, (row) => row.user_id)
  return [...rowsOf].flatMap(([userId, linked]) =>
    [...Map.groupBy(linked, (row) => row.provider_id).values()].map((same) => {
      const provider = providers.get(same[0]!.provider_id)!
      const held = passkeysOf.get(userId) ?? []
      return {
        userId,
        provider,
        person: {
          links: linked,
          address: addressOf(same[0]!, providers),
          passkeys: held.map(enrolledAs),
          others: othersOf(linked, provider, providers),
          mailbox: mailboxOf(provider, hosts.get(domainOf(same[0]!.email)) ?? null),
        },
      }
    }),
  )
}

/** The same for each identity of a person. */
function addressOf(row: queries.LinkedRow, providers: ReadonlyMap<string, Provider>): Prospect['address'] {
  const { email_since: since, email_proved_at, email_asserted_at, email_asserted_by: by } = row
  const assertion = assertionOf(by === null ? undefined : providers.get(by), email_asserted_at)
  return { since, proved_at: email_proved_at, ...assertion }
}

function othersOf(
  linked: readonly queries.LinkedRow[],
  { id }: Provider,
  providers: ReadonlyMap<string, Provider>,
): Prospect['others'] {
  return linked
    .filter((row) => row.provider_id !== id && row.closed_at === null)
    .map((row) => ({ id: row.provider_id, trustsFactors: areFactorsTrusted(providers.get(row.provider_id)) }))
}

async function knownHosts(
  { clock }: Parts,
  db: Queries,
  rows: readonly queries.LinkedRow[],
): Promise<Map<string, string[] | null>> {
  const domains = [...new Set(rows.map(({ email }) => domainOf(email)))]
  const now = clock.now()
  await queries.wantMailHosts(db, domains, { now, again: new Date(now.getTime() - WANTED_AGAIN_MS) })
  const found = await queries.mailHostsAmong(db, domains)
  return new Map(found.map(({ domain, hosts }) => [domain, hosts]))
}

/** Of those that have said anything. */
export async function policiesOf(
  db: Queries,
  organizationIds: readonly string[],
): Promise<ReadonlyMap<string, KeptPolicy>> {
  const rows = organizationIds.length === 0 ? [] : await keptPolicies(db, organizationIds)
  return new Map(rows.map((row) => [row.organization_id, row]))
}

const domainOf = (email: string) => email.slice(email.lastIndexOf('@') + 1).toLowerCase()
