import { spawnSync } from 'node:child_process'
import { freePorts } from '../frame/loopback.ts'
import { childEnvironment, type Stage } from '../frame/stage.ts'
import { poll } from '../frame/wait.ts'
import { ping } from './ping.ts'

const START_DEADLINE_MS = 10_000
/** Valkey is what Redis 7.2 was forked into; either does, and the card says which one it was. */
const PROGRAMS = ['valkey-server', 'redis-server']

/** A real server of the drill's own, in memory only. */
export interface Redis {
  url: string
  port: number
  /** As it names itself: `Redis server v=7.0.15 …`. */
  version: string
  process(): number
  /** Starts it, or starts it again, empty, after it was killed; resolves with its first PONG. */
  start(): Promise<void>
}

export async function startRedis(stage: Stage, { maxMemory }: { maxMemory: string }): Promise<Redis> {
  const { program, version } = findProgram()
  const [port] = await freePorts(1)
  let pid: number | undefined
  const start = async () => {
    const settings = {
      port: String(port),
      bind: '127.0.0.1',
      dir: stage.folder,
      maxmemory: maxMemory,
      'maxmemory-policy': 'noeviction',
      save: '',
      appendonly: 'no',
      'enable-debug-command': 'yes',
    }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value])
    // A session of its own: Ctrl-C in the terminal is for the drill.
    pid = stage.spawn('redis', program, args, { detached: true, env: childEnvironment({}) }).pid
    const isUp = await poll(async () => (await ping(port!)) || null, {
      deadlineMs: START_DEADLINE_MS,
      signal: stage.signal,
    })
    if (!isUp) throw new Error(`${program} did not start. Its log ends with: ${stage.logTail('redis')}`)
  }
  await start()
  return { url: `redis://127.0.0.1:${port}`, port: port!, version, start, process: () => pid! }
}

function findProgram(): { program: string; version: string } {
  for (const program of PROGRAMS) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 5000 })
    if (status === 0) return { program, version: stdout.trim().split(' ').slice(0, 3).join(' ') }
  }
  throw new Error(`There is no ${PROGRAMS.join(' and no ')} here: apt-get install redis-server.`)
}
