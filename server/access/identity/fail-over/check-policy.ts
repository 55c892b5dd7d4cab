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

/**
 * What is let through and somebody will be surprised by, in a sentence; null: nothing. Where a provider is named, a newcomer's passkey
 * counts for what it was made with: a mailbox, or a provider that is not believed about factors, is one, and it never becomes two.
 */
export function warningOf(policy: SignInPolicy, find: (id: string) => Provider | undefined): string | null {
  const { provider_id: providerId, ordinary, demands } = policy
  if (demands !== 'second-factor' || providerId === null) return null
  const provider = find(providerId)
  if (ordinary.includes('provider') && areFactorsTrusted(provider)) return null
  const name = provider?.name ?? 'its provider'
  const why = ordinary.includes('provider') ? 'is not trusted for second factors' : 'is no way in on an ordinary day'
  return `Whoever joins from now on has no way to begin: ${name} ${why}, and a passkey counts for no more than the mailbox or the one factor that it was made with.`
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
