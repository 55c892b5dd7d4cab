import type { Provider } from '../../providers/index.ts'
import { refuse } from '../refusals.ts'
import type { SignInPolicy } from './policy.ts'

/** Refuses a policy that would lock everybody out, or whose fail-over would take less than it demands. */
export function checkPolicy(policy: SignInPolicy, find: (id: string) => Provider | undefined): void {
  const { provider_id: providerId, ordinary, demands, fail_over: failOver } = policy
  if (ordinary.length === 0) throw refuse('policy_no_way')
  const provider = providerId === null ? undefined : find(providerId)
  if (providerId !== null && !provider) throw refuse('policy_unknown_provider', { id: plain(providerId) })
  const needsProvider = demands === 'provider' || failOver !== null
  if (needsProvider && (!provider || !ordinary.includes('provider'))) throw refuse('policy_no_provider')
  const less = weakestOf(policy)
  if (less) throw refuse('policy_weaker', { way: less, demands })
  const isProviderAlone = ordinary.every((way) => way === 'provider')
  if (demands === 'second-factor' && isProviderAlone && !areFactorsTrusted(provider)) {
    throw refuse('policy_factors_not_trusted', { provider: provider?.name ?? '' })
  }
  if (failOver && failOver.ways.length === 0) throw refuse('policy_no_way')
}

/** Trusted for less than a day they count for nothing yet, and everybody would be locked out until then. */
export const areFactorsTrusted = (provider: Provider | undefined): boolean =>
  provider?.trusts_factors === true && !provider.factors_count_from

/** A way that is less than what is demanded; undefined: there is none. */
function weakestOf({ ordinary, demands, fail_over: failOver }: SignInPolicy): string | undefined {
  if (demands === 'nothing') return undefined
  const allowed = demands === 'provider' ? ['provider'] : ['provider', 'passkey']
  return ordinary.find((way) => !allowed.includes(way)) ?? failOver?.ways.find((way) => way !== 'passkey')
}

/** What a stranger sent is repeated in plain characters only. */
const plain = (id: string) => id.replace(/[^\w]/g, '').slice(0, 64)
