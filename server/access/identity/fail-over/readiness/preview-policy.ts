import { Value } from 'typebox/value'
import type { Provider } from '../../../providers/index.ts'
import type { Parts } from '../../parts.ts'
import { refuse } from '../../refusals.ts'
import { warningOf } from '../check-policy.ts'
import type { Belonging } from '../may-enter.ts'
import { type SignInPolicy, USUAL } from '../policy.ts'
import type { KeptPolicy } from '../queries.ts'
import { judgePerson } from './judge-person.ts'
import { type Candidate, candidatesAmong, policiesOf } from './prospects.ts'
import { countIn, nobody } from './readiness.ts'
import { PolicyAsked } from './shapes.ts'
import { toldCount } from './tell-readiness.ts'

const PORTION = 1000
/** Somebody waits in front of a form: 20 000 members take about a second. Of a larger one, the newest are looked at. */
const MEMBERS_MAX = 20_000

/**
 * Who of an organisation could sign in if its provider died now: under the policy in force, and under the one that somebody is
 * about to save. Counted at this moment, from everybody's newest state.
 */
export async function previewPolicy(parts: Parts, organizationId: string, asked: string | undefined) {
  const { db } = parts
  const organization = await parts.tenants.find(db, organizationId)
  if (!organization || organization.deleted_at) {
    throw refuse('no_organization', { id: organizationId.replace(/[^\w]/g, '') })
  }
  const kept = (await policiesOf(db, [organizationId])).get(organizationId)
  const inForce = kept?.policy ?? USUAL
  const policy = asked === undefined ? inForce : readPolicy(asked)
  const provider = providerOf(parts, policy)
  const seen = await membersOf(parts, organizationId, provider)
  const countUnder = (under: SignInPolicy) => {
    const count = nobody()
    const now = parts.clock.now()
    const belonging = belongingUnder(under, kept, now)
    for (const { person, provider: through } of seen.candidates)
      countIn(count, judgePerson(belonging, person, { providerId: through.id, now }))
    return toldCount(provider?.name ?? 'its provider', count)
  }
  return {
    provider: provider ? { id: provider.id, name: provider.name } : null,
    now: countUnder(inForce),
    asked: countUnder(policy),
    warning: warningOf(policy, (id) => parts.providers.find(id)),
    members: seen.members,
    is_whole: seen.isWhole,
  }
}

/** As when it were saved now: what is demanded anew is demanded from now on, and what a provider was demanded for was shown to it. */
function belongingUnder(
  under: SignInPolicy,
  kept: KeptPolicy | undefined,
  now: Date,
): Omit<Belonging, 'organizationId'> {
  if (!kept || [kept.policy.demands, under.demands].includes('nothing')) return { policy: under, undemandedBefore: now }
  const isSame = kept.policy.demands === under.demands
  const provider = isSame ? kept.demanded_provider : kept.policy.provider_id
  const until = isSame ? kept.demanded_provider_until : now
  const demandedBefore = provider !== null && until !== null ? { provider, until } : null
  return { policy: under, undemandedBefore: kept.demanded_since, demandedBefore }
}

function providerOf({ providers }: Parts, { provider_id: id }: SignInPolicy): Provider | undefined {
  if (id === null) return undefined
  const provider = providers.find(id)
  if (!provider) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
  return provider
}

/** An organisation without a provider has nobody who could be kept out by one. */
async function membersOf(parts: Parts, organizationId: string, provider: Provider | undefined) {
  const all = new Map(parts.providers.offered().map((each) => [each.id, each]))
  if (provider) all.set(provider.id, provider)
  const candidates: Candidate[] = []
  let members = 0
  let beforeId: string | undefined
  while (members < MEMBERS_MAX) {
    const ids = await parts.tenants.membersOf(organizationId, { beforeId, limit: PORTION })
    members += ids.length
    const found =
      ids.length === 0 ? [] : await candidatesAmong(parts, parts.db, { portion: { ids }, limit: PORTION }, all)
    candidates.push(...found.filter((candidate) => candidate.provider.id === provider?.id))
    beforeId = ids.at(-1)
    if (ids.length < PORTION) return { candidates, members, isWhole: true }
  }
  return { candidates, members, isWhole: false }
}

function readPolicy(text: string): SignInPolicy {
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    throw refuse('bad_policy_asked')
  }
  if (!Value.Check(PolicyAsked, said)) throw refuse('bad_policy_asked')
  return said
}
