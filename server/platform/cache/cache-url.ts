/** Where a cache is, and how it is spoken to. */
export interface CacheTarget {
  kind: 'single' | 'sentinel' | 'cluster'
  /** Of the server, of the sentinels, or of some members of the cluster: it names the others itself. */
  hosts: { host: string; port: number }[]
  /** Under which name the sentinels know the primary. */
  primaryName: string | null
  user: string | null
  password: string | null
  database: number
  isTls: boolean
  /** File with the authority that signed its certificate; null: those that Node knows. */
  authorityFile: string | null
}

const EXPECTED =
  'a URL such as rediss://user:password@host:6379, valkey+sentinel://user:password@a:26379,b:26379/name or valkeys+cluster://user:password@a:7000,b:7000'
const SHAPE =
  /^(?:redis|valkey)(s)?(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#\s]*)@)?([^@/?#\s]+)(?:\/([^?#\s]*))?(?:\?([^#\s]*))?$/
const DEFAULT_PORT = { single: 6379, sentinel: 26379, cluster: 6379 } as const
/** More are not needed to find the others. */
const HOSTS_MAX = 20
const DATABASE = /^\d{1,4}$/

/** Throws a text that says what would work; it never repeats what was given, which may hold a password. */
export function readCacheUrl(text: string): CacheTarget {
  const [, tls, form, credentials, places, path = '', query] = text.match(SHAPE) ?? []
  if (!places) throw EXPECTED
  const kind = (form ?? 'single') as CacheTarget['kind']
  const isTls = tls !== undefined
  return {
    kind,
    hosts: hostsOf(places, kind),
    ...whereIn(kind, path),
    ...credentialsOf(credentials),
    isTls,
    authorityFile: authorityOf(query, isTls),
  }
}

/** As it may be shown: with the user, without the password. */
export function maskedCacheUrl(text: string): string {
  if (!SHAPE.test(text)) return '•••'
  return text.replace(/^([^/]+\/\/)([^@/?#]*)@/, (_, scheme: string, credentials: string) => {
    const [user] = credentials.split(':')
    return `${scheme}${user}${credentials.includes(':') ? ':•••' : ''}@`
  })
}

/** Whether what is sent there never leaves this machine. */
export function isLocal({ hosts }: CacheTarget): boolean {
  return hosts.every(({ host }) => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host))
}

function hostsOf(places: string, kind: CacheTarget['kind']): CacheTarget['hosts'] {
  const hosts = places.split(',').map((place) => {
    // The scheme has no meaning to the parser, so it drops no port as being usual.
    const url = URL.parse(`cache://${place}`)
    if (!url?.hostname || url.host !== place.toLowerCase()) throw EXPECTED
    if (url.port === '0') throw `${EXPECTED}, with a port from 1 to 65535`
    return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || DEFAULT_PORT[kind]) }
  })
  if (kind === 'single' && hosts.length > 1) throw `${EXPECTED}: several hosts need +sentinel or +cluster`
  if (hosts.length > HOSTS_MAX) throw `a URL with at most ${HOSTS_MAX} hosts: they name the others themselves`
  return hosts
}

function whereIn(kind: CacheTarget['kind'], path: string): Pick<CacheTarget, 'primaryName' | 'database'> {
  const [name = '', database = '', ...more] = kind === 'sentinel' ? path.split('/') : ['', ...path.split('/')]
  if (more.length > 0 || (database !== '' && !DATABASE.test(database))) throw EXPECTED
  if (kind === 'sentinel' && !/^[\w.-]{1,100}$/.test(name)) {
    throw `${EXPECTED}; with +sentinel the path is the name of the primary`
  }
  if (kind === 'cluster' && Number(database) !== 0) throw `${EXPECTED}; a cluster has no databases but 0`
  return { primaryName: kind === 'sentinel' ? name : null, database: Number(database) }
}

function credentialsOf(text: string | undefined): Pick<CacheTarget, 'user' | 'password'> {
  if (text === undefined) return { user: null, password: null }
  const [user = '', password, ...more] = text.split(':')
  if (!password || more.length > 0) throw `${EXPECTED}; a user needs a password, and a colon in it is written %3A`
  try {
    return { user: decodeURIComponent(user) || null, password: decodeURIComponent(password) }
  } catch {
    throw `${EXPECTED}; a percent character of the user or the password is written %25`
  }
}

function authorityOf(query: string | undefined, isTls: boolean): string | null {
  const parameters = new URLSearchParams(query)
  if ([...parameters.keys()].some((name) => name !== 'ca')) throw 'a URL whose only parameter is ca, a file'
  const file = parameters.get('ca')
  if (file !== null && (!isTls || file === '')) throw 'a URL with TLS (rediss or valkeys) where it has the parameter ca'
  return file
}
