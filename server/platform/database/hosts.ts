/** As libpq has it: `postgresql://user:password@one:5432,other:5433/name?target_session_attrs=read-write`. */
const PARTS = /^(postgres(?:ql)?:\/\/(?:[^/?#]*@)?)([^@/?#]*)(.*)$/s

/** A primary and its replicas; each is asked with every probe. */
export const HOSTS_MAX = 5
/** Of libpq's words those that mean the primary; we read from no other. */
export const TARGETS = ['read-write', 'primary']
const TARGET = 'target_session_attrs'

/** One URL a host, in the order in which they were named. What is no URL of PostgreSQL comes back as it is. */
export function hostsOf(url: string): string[] {
  const [, before, hosts, after] = PARTS.exec(url) ?? []
  if (before === undefined || !hosts?.includes(',')) return [url]
  return hosts.split(',').map((host) => `${before}${host}${after}`)
}

/** One host alone is taken at its word, as ever; of several, or where it is asked for, only the primary will do. */
export function mustChoose(url: string): boolean {
  const hosts = hostsOf(url)
  return hosts.length > 1 || (URL.parse(hosts[0]!)?.searchParams.has(TARGET) ?? false)
}

/** For people: host and port, and never what is before them. */
export const addressOf = (url: string) => new URL(url).host

export const addressesOf = (url: string) => hostsOf(url).map(addressOf).join(',')

/** The role that a URL signs in as; the same for all its hosts. */
export const roleOf = (url: string) => decodeURIComponent(new URL(hostsOf(url)[0]!).username)

/** `/name`, the same for all its hosts. */
export const databasePathOf = (url: string) => new URL(hostsOf(url)[0]!).pathname
