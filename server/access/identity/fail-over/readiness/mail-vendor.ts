import { isIP } from 'node:net'
import type { Provider } from '../../../providers/index.ts'

/**
 * Mail servers that are down when the provider is: of the two that keep most of the world's mailboxes their known names, of
 * any other whatever shares the registrable domain of its issuer. A relay in front of a mailbox hides where it is: docs/operating.md.
 */
const OF_VENDOR: Partial<Record<Provider['preset'], readonly string[]>> = {
  google: ['google.com', 'googlemail.com'],
  entra: ['protection.outlook.com', 'mx.microsoft'],
}

export type Mailbox = 'elsewhere' | 'at-vendor' | 'nowhere' | 'unknown'

/** Where a mailbox is, seen from a provider that is down. `hosts`: as DNS last said; null: it has not answered yet. */
export function mailboxOf(provider: Pick<Provider, 'preset' | 'issuer'>, hosts: readonly string[] | null): Mailbox {
  if (hosts === null) return 'unknown'
  if (hosts.length === 0) return 'nowhere'
  const vendor = vendorDomains(provider)
  // One server at the vendor is enough to count as there: which of them keeps the mailbox cannot be seen from outside.
  return hosts.some((host) => vendor.some((domain) => isWithin(host, domain))) ? 'at-vendor' : 'elsewhere'
}

export function vendorDomains({ preset, issuer }: Pick<Provider, 'preset' | 'issuer'>): readonly string[] {
  const known = OF_VENDOR[preset]
  if (known) return known
  const host = URL.parse(issuer)?.hostname ?? ''
  const domain = registrableDomain(host)
  return domain === undefined ? [] : [domain]
}

/** Second levels under which names are given out, where the first is a country: `co.uk`, `com.au`. */
const GIVEN_OUT = /^(?:ac|co|com|edu|gob|gouv|gov|govt|gv|ltd|me|mil|ne|net|nom|or|org|plc|sch)$/

/**
 * Without the public suffix list, which is longer than the whole of readiness: a country's usual second levels are known, and a
 * rare one errs towards "at the vendor" for its neighbours, never towards able.
 */
export function registrableDomain(host: string): string | undefined {
  const labels = host.toLowerCase().replace(/\.$/, '').split('.')
  if (isIP(host) || host.startsWith('[') || labels.length < 2) return undefined
  const [second = '', first = ''] = labels.slice(-2)
  const length = first.length === 2 && GIVEN_OUT.test(second) ? 3 : 2
  return labels.slice(-length).join('.')
}

const isWithin = (host: string, domain: string) => host === domain || host.endsWith(`.${domain}`)
