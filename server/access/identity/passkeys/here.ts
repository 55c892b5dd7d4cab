import { isIP } from 'node:net'
import { isLoopbackOrigin } from '../../../platform/loopback.ts'
import type { Call } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'

/** Browsers have passkeys for names alone, and in secure contexts: https, or a name that is this machine. */
export function canHavePasskeys(url: string): boolean {
  const { protocol, hostname, origin } = new URL(url)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false
  return protocol === 'https:' || isLoopbackOrigin(origin)
}

/** Whether a page of this call may begin a ceremony: on our own origin, where browsers can. */
export const arePasskeysHere = ({ config }: Pick<Parts, 'config'>, call: Call): boolean =>
  call.application === null && canHavePasskeys(config.url)
