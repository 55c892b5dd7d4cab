import type { Config } from '../config.ts'
import { readKeptStamp } from '../ground/environment/index.ts'
import { CACHE_STAMP_KEY, cacheStampText, sentenceOfForeign } from '../open-access-cache.ts'
import { type CacheTarget, type Connection, connectCache, isLocal, readCacheUrl } from '../platform/cache/index.ts'
import { degraded, type Finding, failing, ok, unknown } from './finding.ts'

/** Looked at by chance: if one key in ten is somebody else's, nine of ten times it is among these. */
const KEYS_LOOKED_AT = 20
const OURS = /^(?:hf:|holdfast:stamp$)/
const PAGE = 'docs/operating.md, "Valkey".'

/** The cache of HOLDFAST_VALKEY_URL. Nothing of it is failing but another's: what is unsafe there costs latency. */
export async function checkCache(
  { valkeyUrl, environment }: Pick<Config, 'valkeyUrl' | 'environment'>,
  folder: string,
): Promise<Finding[]> {
  if (valkeyUrl === null) return []
  const target = readCacheUrl(valkeyUrl)
  const wayAndUser = [way(target), user(target)]
  try {
    const connection = await connectCache(target, 'holdfast-check')
    try {
      return [...wayAndUser, await owner(connection, { environment, folder }), ...(await memory(connection, target))]
    } finally {
      connection.close()
    }
  } catch (error) {
    const says = `Valkey could not be looked at: ${(error as Error).message.slice(0, 120)}. Everything goes on without it.`
    return [...wayAndUser, unknown('cache', says, `Check the address and the rights of its user: ${PAGE}`)]
  }
}

function way(target: CacheTarget): Finding {
  const name = 'way to the cache'
  if (isLocal(target)) return ok(name, 'On this machine.')
  return target.isTls
    ? ok(name, 'Over TLS.')
    : degraded(
        name,
        'The connection is not encrypted. Entries are sealed; the password is not.',
        'Write rediss:// or valkeys:// in HOLDFAST_VALKEY_URL.',
      )
}

function user(target: CacheTarget): Finding {
  const name = 'user of the cache'
  const advice = `Make a user with the few rights that are needed: ${PAGE}`
  if (target.password === null && !isLocal(target))
    return degraded(name, 'Whoever reaches it may do anything in it: there is no password.', advice)
  if (target.password !== null && (target.user === null || target.user === 'default'))
    return degraded(name, 'We are its default user, who may wipe it and change its settings.', advice)
  return ok(name, target.user === null ? 'This machine alone.' : `We are ${target.user}.`)
}

async function owner(connection: Connection, { environment, folder }: { environment: string; folder: string }) {
  const name = 'cache'
  const found = (await connection.get(CACHE_STAMP_KEY))?.toString('utf8')
  const stamp = await readKeptStamp(folder)
  const isForeign =
    found !== undefined && (stamp ? found !== cacheStampText(stamp) : !found.includes(`"${environment}"`))
  if (isForeign) return failing(name, `Valkey is not used: ${sentenceOfForeign(found, environment)}`, PAGE)
  return ok(
    name,
    found === undefined ? 'Valkey answers, and bears nobody’s stamp yet.' : 'Valkey answers, and is ours.',
  )
}

async function memory(connection: Connection, { database }: CacheTarget): Promise<Finding[]> {
  const said = await connection.info('memory')
  const policy = said.match(/^maxmemory_policy:(.+?)\r?$/m)?.[1] ?? 'not told'
  const limit = Number(said.match(/^maxmemory:(\d+)/m)?.[1] ?? 0)
  const name = 'memory of the cache'
  const advice = 'Set maxmemory, and maxmemory-policy volatile-lfu.'
  const size =
    limit === 0
      ? degraded(name, 'It has no limit: somebody else’s keys may take the whole machine.', advice)
      : policy === 'noeviction' || policy.endsWith('-random')
        ? degraded(name, `Its policy is ${policy}: full, it forgets the wrong things or takes nothing new.`, advice)
        : ok(name, `${Math.round(limit / 1024 ** 2)} MB, ${policy}.`)
  return [size, await neighbours(connection, database)]
}

/** By other databases of the instance, and by keys met by chance: nothing is ever listed. */
async function neighbours(connection: Connection, database: number): Promise<Finding> {
  const name = 'neighbours there'
  const advice = 'Give Holdfast a Valkey of its own: one who wipes or fills it wipes and fills it for all.'
  const databases = [...(await connection.info('keyspace')).matchAll(/^db(\d+):/gm)].map(([, number]) => Number(number))
  const others = databases.filter((each) => each !== database)
  if (others.length > 0) return degraded(name, `Somebody else uses database ${others.join(', ')} of it.`, advice)
  let strangers = 0
  for (let count = 0; count < KEYS_LOOKED_AT; count++) {
    const key = await connection.randomKey().catch(() => null)
    if (key !== null && !OURS.test(key)) strangers += 1
  }
  // A key itself is never repeated: it may be somebody's address.
  return strangers > 0
    ? degraded(name, `${strangers} of ${KEYS_LOOKED_AT} keys met by chance are not Holdfast’s.`, advice)
    : ok(name, 'None were seen.')
}
