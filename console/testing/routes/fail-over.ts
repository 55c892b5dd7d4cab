import type { Exercise, SignInPolicy, SignInPolicyInForce } from '../../app/api/wire/fail-over.ts'
import type { Rescue } from '../../app/api/wire/organizations.ts'
import type { World } from '../world.ts'
import { type Answer, type Asked, is, newId, nothing, pageOf, problem, type Routes } from '../answer.ts'
import { countedOf, noMethods, usual } from '../world/fail-over.ts'
import { DAY_MS, MINUTE_MS } from '../world/ids.ts'
import { STALE } from './ends.ts'

/** Who could go on without a provider, and who had to. */
export const failOver: Routes = {
  'GET fail-over'({ id, query, world }) {
    if (id === 'exercises') return [200, exercisesOf(world.exercises)]
    if (id === 'refusals') {
      const its = world.failOver.refusals.filter((one) => is(query, 'organization', one.organization_id))
      return [200, { data: its, next_cursor: null }]
    }
    const found = world.failOver.signIns
      .filter(({ provider }) => is(query, 'provider', provider.id))
      .filter(({ organization }) => is(query, 'organization', organization?.id))
    return pageOf(found, query)
  },
  'GET rescues': ({ query, world }) =>
    pageOf(
      world.failOver.rescues.filter(({ organization }) => is(query, 'organization_id', organization.id)),
      query,
    ),
  'DELETE rescues'(asked) {
    const found = asked.world.failOver.rescues.find(({ id }) => id === asked.id)
    if (!found) return nothing(asked)
    found.state = 'withdrawn'
    return [204]
  },
  'GET readiness'(asked) {
    const { id, under, query, world } = asked
    const { readiness, notReady } = world.failOver
    if (!id) return [200, { ...readiness, next_cursor: null }]
    const its = readiness.data.find(({ provider }) => provider.id === id)
    if (!its) return nothing(asked)
    if (under === 'organizations') return pageOf(its.organizations, query)
    const [status, page] = pageOf(
      notReady.filter(({ able, why }) => is(query, 'able', able) && is(query, 'why', why)),
      query,
    )
    return [status, { ...(page as object), counted_at: its.counted_at }]
  },
}

function exercisesOf(data: readonly Exercise[]) {
  const standing = (['passkey', 'code'] as const).map((method) => {
    const its = data.filter((one) => one.method === method)
    const good = its.find(({ is_good }) => is_good)
    const isFailing = its.length > 1 && its.slice(0, 2).every(({ is_good }) => !is_good)
    return { method, last_good_at: good?.at ?? null, is_failing: isFailing, is_stale: good === undefined }
  })
  return { data, standing, every_s: 180, next_cursor: null }
}

/** What stands under an organisation of it; undefined: it is about something else. */
export function ofOrganization(asked: Asked, method: string): Answer | undefined {
  const { id = '', under, deeper, world } = asked
  const inForce = world.failOver.policies[id] ?? { policy: usual, epoch: 0, waiting: null }
  if (under === 'fail-over-preview') return preview(asked, inForce)
  if (under === 'rescues') return rescue(asked)
  if (under !== 'sign-in-policy') return undefined
  if (method === 'PUT') return putPolicy(asked, inForce)
  if (deeper === 'waiting') {
    world.failOver.policies[id] = { ...inForce, waiting: null }
    return [204]
  }
  return [200, inForce]
}

function putPolicy({ id = '', body, world, now }: Asked, inForce: SignInPolicyInForce): Answer {
  const { policy, reason, epoch } = body as { policy: SignInPolicy; reason: string; epoch: number }
  if (epoch !== inForce.epoch) {
    return problem(
      409,
      'identity.policy_changed',
      `This policy was changed meanwhile: it is at epoch ${inForce.epoch} now. Look at it, and save again.`,
    )
  }
  if (isLooser(inForce.policy, policy)) {
    const waiting = {
      policy,
      asked_at: now.toISOString(),
      takes_effect_at: new Date(now.getTime() + DAY_MS).toISOString(),
      asked_by: world.self.user,
      reason,
    }
    world.failOver.policies[id] = { ...inForce, waiting }
    return [202, world.failOver.policies[id]]
  }
  world.failOver.policies[id] = { policy, epoch: epoch + 1, waiting: null }
  return [200, world.failOver.policies[id]]
}

/** Enough for a double: more ways in than before. */
function isLooser(before: SignInPolicy, after: SignInPolicy): boolean {
  const ways = ({ ordinary, fail_over }: SignInPolicy) => ordinary.length + (fail_over?.ways.length ?? 0)
  return ways(after) > ways(before)
}

function preview({ query, world }: Asked, { policy }: SignInPolicyInForce): Answer {
  const text = query.get('policy')
  const asked = text ? (JSON.parse(text) as SignInPolicy) : policy
  const name = world.providers.find(({ id }) => id === asked.provider_id)?.name ?? 'its provider'
  const count = ({ demands, ordinary, fail_over }: SignInPolicy) => {
    const ways = [...ordinary, ...(fail_over?.ways ?? [])]
    const passkey = ways.includes('passkey') ? (demands === 'provider' ? 24 : 31) : 0
    const email = demands === 'nothing' && ways.includes('email') ? 7 : 0
    const no = 42 - passkey - email
    return countedOf(name, [passkey, 0, email, 0, no], passkey === 0 ? { no_way: no } : { no_passkey: no })
  }
  const provider = asked.provider_id ? { id: asked.provider_id, name } : null
  const counted = { now: count(policy), asked: count(asked), members: 57, is_whole: true }
  return [200, { provider, ...counted, warning: warningOf(asked, world) }]
}

function warningOf({ demands, provider_id }: SignInPolicy, { providers }: World): string | null {
  const provider = providers.find(({ id }) => id === provider_id)
  if (demands !== 'second-factor' || !provider || provider.trusts_factors) return null
  return `Whoever joins from now on has no way to begin: ${provider.name} is not trusted for second factors, and a passkey counts for no more than the mailbox or the one factor that it was made with.`
}

const HALF_HOUR_MS = 30 * MINUTE_MS

function rescue({ id, body, world, now }: Asked): Answer {
  const member = world.memberships.find(({ user, organization }) => user.id === body.user_id && organization.id === id)
  if (!member) return problem(409, 'identity.rescue_of_manager', 'This person does not manage the organisation.')
  const isByVoice = body.hand_over === 'voice'
  const made: Rescue = {
    id: newId('rsc'),
    organization: member.organization,
    user: member.user,
    issued_by: { id: world.self.user, name: 'Ana Duarte' },
    audience: 'account',
    reason: String(body.reason),
    hand_over: isByVoice ? 'voice' : 'mail',
    state: 'waiting',
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + HALF_HOUR_MS).toISOString(),
    used_at: null,
    session_id: null,
  }
  world.failOver.rescues.unshift(made)
  const code = isByVoice ? '7Q4K-NOTR-EAL0-CODE' : null
  return [201, { rescue: made, url: 'https://id.acme.test/sign-in/rescue', code }]
}

/** What stands under a user of it; undefined: it is about something else. */
export function ofUser(asked: Asked, method: string): Answer | undefined {
  const { id = '', under, deeper, deepest, world, now } = asked
  const methods = world.failOver.methods[id] ?? noMethods(world.users.find((one) => one.id === id)?.email ?? null)
  if (under === 'sign-in-methods' && method === 'GET') return [200, methods]
  if (under !== 'linked-identities' && under !== 'passkeys') return undefined
  const refused = refusedToChange(asked, deepest !== 'close')
  if (refused) return refused
  if (method === 'DELETE') return removed(under === 'passkeys' ? methods.passkeys : methods.linked_identities, asked)
  const identity = methods.linked_identities.find((one) => one.id === deeper)
  if (!identity) return nothing(asked)
  const isClose = deepest === 'close'
  Object.assign(identity, {
    closed_at: isClose ? now.toISOString() : null,
    closed_reason: isClose ? 'administrator' : null,
  })
  return [200, identity]
}

/** Nobody changes their own ways here, and only a fresh sign-in gives one back or takes one away. */
function refusedToChange({ id, world, scene }: Asked, needsFresh: boolean): Answer | undefined {
  if (id === world.self.user) return problem(409, 'identity.own_account', 'This is your own account.')
  return needsFresh && scene.condition === 'stale' ? problem(403, 'sessions.stale', STALE) : undefined
}

function removed(ways: { id: string }[], { deeper, under }: Asked): Answer {
  const at = ways.findIndex(({ id }) => id === deeper)
  const [code, what] = under === 'passkeys' ? ['no_passkey', 'passkey'] : ['no_linked_identity', 'linked identity']
  if (at === -1) return problem(404, `identity.${code}`, `There is no such ${what}. It may have been removed already.`)
  ways.splice(at, 1)
  return [204]
}
