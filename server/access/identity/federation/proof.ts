import type { ProvenIdentity, Provider } from '../../providers/index.ts'
import type { Proof } from '../complete-sign-in.ts'

/** RFC 8176 §2. Whatever else a provider says is not taken over: words such as `failover` mean something here. */
const METHODS = new Set(
  'face fpt geo hwk iris kba mca mfa otp pin pop pwd rba retina sc sms swk tel user vbm wia'.split(' '),
)
/** What says of itself that there was more than one factor (OpenID PAPE, OpenID EAP, Okta). */
const SEVERAL_FACTORS = new Set([
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'phr',
  'phrh',
  'urn:okta:loa:2fa:any',
])
/** RFC 8176 has no word for it; Entra says it like this. */
const FEDERATED = 'fed'

/** Of whoever does not say when they asked: older than whatever is taken for fresh anywhere, and no older than was asked for. */
const AGE_UNSAID_MS = 30 * 24 * 60 * 60_000

type Said = Pick<ProvenIdentity, 'amr' | 'acr' | 'authenticated_at'>

/**
 * How well somebody is known who comes from a provider: as one factor, unless the provider is trusted with more. And since
 * when: whoever was signed in there this morning has not been asked now, and what wants a fresh sign-in here asks anew.
 */
export function proofOf(
  provider: Pick<Provider, 'id' | 'trusts_factors' | 'factors_count_from'>,
  { amr, acr, authenticated_at: at }: Said,
  now: Date,
): Proof {
  // A session of this morning there may be all that was seen: who is not said to be fresh is not.
  const seenAt = at ?? new Date(now.getTime() - AGE_UNSAID_MS)
  // A clock that is ahead must not make anybody fresh in the future.
  const common = { provenBy: provider.id, ...(seenAt < now && { authenticatedAt: seenAt }) }
  if (!provider.trusts_factors || provider.factors_count_from !== null)
    return { amr: [FEDERATED], acr: 'single', ...common }
  const isSeveral = amr.includes('mfa') || (acr !== null && SEVERAL_FACTORS.has(acr))
  const said = [...new Set(amr)].filter((method) => METHODS.has(method))
  return { amr: [FEDERATED, ...said], acr: isSeveral ? 'multiple' : 'single', ...common }
}

/** Who came from a provider and then typed the code of a mail has shown both, and the code just now. */
export function withCode({ authenticatedAt: _, ...proof }: Proof): Proof {
  return { ...proof, amr: [...new Set([...proof.amr, 'otp'])] }
}
