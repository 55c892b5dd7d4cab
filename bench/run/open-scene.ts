import { freePorts } from '../../drills/frame/loopback.ts'
import type { Progress } from '../../drills/frame/progress.ts'
import { childEnvironment, type Stage } from '../../drills/frame/stage.ts'
import { startPostgres } from '../../drills/postgres/start-postgres.ts'
import type { Scene } from '../contestant.ts'
import { type FlagInstallation, openFlagInstallation } from '../flags/flag-installation.ts'
import { type HoldfastInstallation, startHoldfast } from '../holdfast/installation.ts'
import type { SignInSetup } from '../holdfast/journey.ts'
import { type Generator, startGenerator } from '../load/generator.ts'

/** Three access processes and five peers with a pool each; nothing else of PostgreSQL's defaults is changed. */
const CONNECTIONS_MAX = 300
const REDIS_ARGUMENTS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
const FIRST = 'first-person'

interface SceneOptions {
  profileFolder: string | null
  unleashFolder: string | null
  isRedisNeeded: boolean
}

/** The stores that all share, each started once, and the generator. */
export async function openScene(
  stage: Stage,
  progress: Progress,
  { profileFolder, unleashFolder, isRedisNeeded }: SceneOptions,
): Promise<{ scene: Scene; generator: Generator }> {
  progress.step('starting PostgreSQL and Redis')
  const postgres = await startPostgres(stage, { settings: [`max_connections=${CONNECTIONS_MAX}`] })
  const [redisPort] = await freePorts(1)
  const redis = stage.spawn('redis', 'redis-server', [...REDIS_ARGUMENTS, '--port', String(redisPort)], {
    env: childEnvironment({}),
    detached: true,
  })
  if (isRedisNeeded && !redis.pid) throw new Error('redis-server is not on the PATH: apt install redis-server.')
  const generator = startGenerator(stage)
  let holdfast: Promise<HoldfastInstallation> | undefined
  let flags: Promise<FlagInstallation> | undefined
  const scene: Scene = {
    ...{ stage, progress, postgres, unleashFolder },
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    storeRoots: [postgres.postmaster(), ...(redis.pid ? [redis.pid] : [])],
    nodeOptions: profileFolder === null ? '' : `--cpu-prof --cpu-prof-dir=${profileFolder}`,
    holdfast: () => (holdfast ??= openHoldfast(scene, generator)),
    flags: () => (flags ??= openFlagInstallation(scene)),
  }
  return { scene, generator }
}

/** Started, and signed in to once: every other session is made from that one. */
async function openHoldfast(
  { stage, postgres, nodeOptions }: Scene,
  generator: Generator,
): Promise<HoldfastInstallation> {
  const [accessPort, demoPort, smtpPort] = (await freePorts(3)) as [number, number, number]
  const setup: SignInSetup = { port: smtpPort, by: 'mail', prefix: '/auth' }
  const module = new URL('../holdfast/journey.ts', import.meta.url).href
  // First the mail server, in the generator: access looks at its start whether there is one.
  await generator.prepare(FIRST, { kind: 'journey', url: `http://127.0.0.1:${demoPort}`, module, setup })
  const installation = await startHoldfast(stage, postgres, {
    ports: { accessPort, demoPort, smtpPort },
    nodeOptions,
  })
  const { operations, complaint } = await generator.run({
    name: FIRST,
    model: { kind: 'closed', operationsMax: 1 },
    ...{ lanes: 1, warmMs: 0, forMs: 5000, serverRoots: [], storeRoots: [] },
  })
  if (operations !== 1) throw new Error(`Nobody could sign in to Holdfast: ${complaint}.`)
  return installation
}
