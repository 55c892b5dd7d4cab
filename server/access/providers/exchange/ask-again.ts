import * as client from 'openid-client'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import type { Budgets } from './budgets.ts'
import { configurationOf } from './configuration.ts'
import { faultIn, refusedBy } from './refused.ts'
import { openTransport } from './transport.ts'

/**
 * Asks by a refresh token whether somebody is still there. Only `invalid_grant` is a no; all else is not known, also that
 * nothing was asked because its share of the calls is spent.
 */
export async function askAgain(
  parts: Parts,
  budgets: Budgets,
  provider: Provider,
  refreshToken: string,
): Promise<{ outcome: 'there'; refreshToken: string } | { outcome: 'gone' | 'unknown' }> {
  const discovery = parts.documents.discovery(provider)
  if (!discovery || !budgets.spendAsk(provider.id)) return { outcome: 'unknown' }
  const { fetch } = openTransport(parts, provider, discovery)
  const configuration = configurationOf(parts, provider, { discovery, issuer: discovery.issuer, fetch })
  try {
    const tokens = await client.refreshTokenGrant(configuration, refreshToken)
    return { outcome: 'there', refreshToken: tokens.refresh_token ?? refreshToken }
  } catch (error) {
    if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') return { outcome: 'gone' }
    const fault = faultIn(error)?.fault
    if (fault === 'limited') budgets.restAsks(provider.id)
    const code = fault ?? refusedBy(error)?.code ?? 'fault'
    parts.log.info({ provider: provider.id, code }, 'a refresh token told nothing')
    return { outcome: 'unknown' }
  }
}
