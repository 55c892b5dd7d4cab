import { promises as dns } from 'node:dns'
import { within } from './deadline.ts'

/** The hosts that take mail for a domain, best first; none: it takes no mail. Null: nobody has answered. */
export type MailExchangers = (domain: string) => Promise<string[] | null>

/** Nobody waits for it; two tries of one server, and what several servers make of that is cut off. */
const TRY_MS = 2000
const TRIES = 2
const DEADLINE_MS = 6000
/** A domain that names more is not looked at further. */
const HOSTS_MAX = 20
const NO_SUCH_NAME = 'ENOTFOUND'
const NO_SUCH_RECORD = 'ENODATA'

/** Asks DNS. `servers`: left out, those of the machine. */
export function openMailExchangers(options: { servers?: readonly string[] } = {}): MailExchangers {
  const resolver = new dns.Resolver({ timeout: TRY_MS, tries: TRIES })
  if (options.servers) resolver.setServers(options.servers)
  return async (domain) => {
    try {
      const found = (await within(DEADLINE_MS, 'DNS', resolver.resolveMx(domain))).toSorted(
        (one, other) => one.priority - other.priority,
      )
      // RFC 7505: a single "." says that the domain takes no mail.
      const hosts = found.map(({ exchange }) => exchange.toLowerCase().replace(/\.$/, '')).filter(Boolean)
      return hosts.slice(0, HOSTS_MAX)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === NO_SUCH_NAME) return []
      // RFC 5321 §5.1: without an MX the host of that name takes the mail itself.
      return code === NO_SUCH_RECORD ? [domain] : null
    }
  }
}
