import { readFileSync } from 'node:fs'
import { Cluster, Redis, type RedisOptions } from 'iovalkey'
import { DeadlineExceeded, within } from '../deadline.ts'
import type { CacheTarget } from './cache-url.ts'

/** Beyond this a cache is slower than what it spares. */
export const COMMAND_MS = 100
/** For a whole connection: name, TCP, TLS, who we are. Nobody waits for it. */
const CONNECT_MS = 2000

/** One connection, or one to each member of a cluster; when it is lost it stays lost, and another is made. */
export interface Connection {
  get(key: string): Promise<Buffer | null>
  getMany(keys: readonly string[]): Promise<(Buffer | null)[]>
  set(key: string, value: string | Buffer, life: { ms: number; how: 'always' | 'if-absent' }): Promise<boolean>
  prolong(key: string, ms: number): Promise<void>
  /** Every member answers, the slowest of them within the deadline. */
  ping(): Promise<void>
  info(section: string): Promise<string>
  /** Any one that is there. */
  randomKey(): Promise<string | null>
  /** Once. */
  onLost(listener: () => void): void
  close(): void
}

/** Throws when it cannot be had in time. */
export async function connectCache(target: CacheTarget, name: string): Promise<Connection> {
  const client = target.kind === 'cluster' ? clusterOf(target, name) : clientOf(target, name)
  let whatFailed: Error | undefined
  // Always heard: without a listener each of these would be an error that nobody caught.
  client.on('error', (error: Error) => {
    whatFailed = error
  })
  try {
    await within(CONNECT_MS, 'the cache', client.connect())
  } catch (error) {
    client.disconnect()
    throw whatFailed ?? error
  }
  return connectionOver(client)
}

function connectionOver(client: Redis | Cluster): Connection {
  const isCluster = client instanceof Cluster
  return {
    get: (key) => bounded(client.getBuffer(key)),
    // A cluster takes no keys of several slots in one command; there the pipeline of this turn does the same.
    getMany: (keys) =>
      isCluster ? manyOf(keys.map((key) => bounded(client.getBuffer(key)))) : bounded(client.mgetBuffer([...keys])),
    async set(key, value, { ms, how }) {
      const set = how === 'always' ? client.set(key, value, 'PX', ms) : client.set(key, value, 'PX', ms, 'NX')
      return (await bounded(set)) === 'OK'
    },
    prolong: (key, ms) => bounded(client.pexpire(key, ms)).then(() => {}),
    async ping() {
      const members = isCluster ? client.nodes('master') : [client]
      await Promise.all(members.map((member) => bounded(member.ping())))
    },
    info: (section) => bounded(client.info(section)),
    randomKey: () => bounded(client.randomkey()),
    onLost: (listener) => void client.once('end', listener),
    close: () => client.disconnect(),
  }
}

/** As `within`, but what has arrived while we ourselves were busy is an answer, and no miss of the cache. */
function bounded<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new DeadlineExceeded('the cache', COMMAND_MS))
    // Timers come before what the socket has brought; in the same turn, after it, comes this.
    const timer = setTimeout(() => setImmediate(giveUp), COMMAND_MS)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** One member that does not answer costs its own keys; when none does, that is told. */
async function manyOf(asked: readonly Promise<Buffer | null>[]): Promise<(Buffer | null)[]> {
  const settled = await Promise.allSettled(asked)
  const failed = settled.find((each) => each.status === 'rejected')
  if (failed && settled.every((each) => each.status === 'rejected' || each.value === null)) throw failed.reason
  return settled.map((each) => (each.status === 'fulfilled' ? each.value : null))
}

/** No queue, no second try, no reconnecting: what is lost is said at once, and the breaker decides when to come back. */
function optionsOf(target: CacheTarget, name: string): RedisOptions {
  const { user, password, isTls, authorityFile } = target
  return {
    connectionName: name,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    ...(user !== null && { username: user }),
    ...(password !== null && { password }),
    ...(isTls && { tls: authorityFile === null ? {} : { ca: readFileSync(authorityFile) } }),
  }
}

function clientOf(target: CacheTarget, name: string): Redis {
  const { hosts, primaryName, database, isTls } = target
  const common = { ...optionsOf(target, name), db: database, retryStrategy: () => null }
  if (primaryName === null) return new Redis({ ...common, ...hosts[0]! })
  const tls = isTls && common.tls ? { enableTLSForSentinelMode: true, sentinelTLS: common.tls } : {}
  return new Redis({
    ...common,
    ...tls,
    name: primaryName,
    sentinels: hosts,
    sentinelRetryStrategy: () => null,
    sentinelReconnectStrategy: () => null,
    sentinelCommandTimeout: CONNECT_MS,
  })
}

function clusterOf(target: CacheTarget, name: string): Cluster {
  const { lazyConnect, enableOfflineQueue, ...each } = optionsOf(target, name)
  return new Cluster(target.hosts, {
    lazyConnect: lazyConnect!,
    enableOfflineQueue: enableOfflineQueue!,
    enableAutoPipelining: true,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: CONNECT_MS,
    // A certificate names hosts; looked up here, it would be held against an address.
    ...(target.isTls && { dnsLookup: (address, done) => done(null, address) }),
    redisOptions: each,
  })
}
