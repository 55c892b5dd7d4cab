import * as client from 'openid-client'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'
import { configurationOf } from './configuration.ts'
import { refusedBy } from './refused.ts'
import { openTransport } from './transport.ts'

/** Asks by a refresh token whether somebody is still there. Only `invalid_grant` is a no; all else is not known. */
export async function askAgain(
  parts: Parts,
  provider: Provider,
  refreshToken: string,
): Promise<{ outcome: 'there'; refreshToken: string } | { outcome: 'gone' | 'unknown' }> {
  const discovery = parts.documents.discovery(provider)
  if (!discovery) return { outcome: 'unknown' }
  const { fetch } = openTransport(parts, provider, discovery)
  const configuration = configurationOf(parts, provider, { discovery, issuer: discovery.issuer, fetch })
  try {
    const tokens = await client.refreshTokenGrant(configuration, refreshToken)
    return { outcome: 'there', refreshToken: tokens.refresh_token ?? refreshToken }
  } catch (error) {
    if (error instanceof client.ResponseBodyError && error.error === 'invalid_grant') return { outcome: 'gone' }
    parts.log.info({ provider: provider.id, code: refusedBy(error)?.code ?? 'fault' }, 'a refresh token told nothing')
    return { outcome: 'unknown' }
  }
}
