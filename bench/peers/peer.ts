import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../../drills/frame/stage.ts'
import { askDatabase } from '../../drills/postgres/ask-database.ts'
import pg from 'pg'
import type { Running, Scene, Work, WorkReport } from '../contestant.ts'
import { answerOf } from './messages.ts'
import type { Ask } from '../load/ask.ts'

/** Making tables, signing in some hundred people. */
const OPEN_DEADLINE_MS = 60_000
const WORK_MARGIN_MS = 20_000
/** A profile of some minutes is some megabytes. */
const STOP_DEADLINE_MS = 20_000

/** What a peer's process is given. */
export interface Given {
  databaseUrl: string
  redisUrl: string
  /** Of the contestant itself. */
  own: unknown
}

/** What the module of a contestant exports as `open`: it runs in a process of its own, and says how it is asked. */
export type Open = (given: Given) => Promise<Opened>
export type Opened = { ask: Ask } | { work(run: { untilMs: number }): Promise<number> }

export type ToPeer = { type: 'open'; module: string; given: Given } | { type: 'work'; work: Work }
export type FromPeer =
  | { type: 'opened'; ask: Ask | null }
  | { type: 'worked'; report: WorkReport }
  | { type: 'failed'; message: string }

/** Starts a contestant's own process, with a database of its own on the PostgreSQL that all share. */
export async function startPeer(scene: Scene, module: string, own: unknown = null): Promise<Running> {
  const { stage } = scene
  const name = fileURLToPath(module).split('/').at(-1)!.replace(/\.ts$/, '')
  const databaseUrl = await makeDatabase(scene.postgres.url, name.replaceAll('-', '_'))
  const child = stage.spawn(name, process.execPath, [fileURLToPath(new URL('peer-process.ts', import.meta.url))], {
    // What every one of them advises for production.
    env: childEnvironment({ NODE_ENV: 'production', NODE_OPTIONS: scene.nodeOptions }),
    hasChannel: true,
    detached: true,
    serialization: 'advanced',
  })
  const answer = <Type extends FromPeer['type']>(type: Type, deadlineMs: number) =>
    answerOf<Extract<FromPeer, { type: Type }>>(child, { type, who: name, signal: stage.signal, deadlineMs })
  child.send({ type: 'open', module, given: { databaseUrl, redisUrl: scene.redisUrl, own } } satisfies ToPeer)
  const { ask } = await answer('opened', OPEN_DEADLINE_MS)
  const roots = () => [child.pid!]
  const stop = async () => {
    child.disconnect()
    await once(child, 'exit', { signal: AbortSignal.timeout(STOP_DEADLINE_MS) })
  }
  if (ask) return { ask, roots, stop }
  return {
    ...{ roots, stop },
    async work(work) {
      child.send({ type: 'work', work } satisfies ToPeer)
      return (await answer('worked', work.warmMs + work.forMs + WORK_MARGIN_MS)).report
    },
  }
}

/** Made on the shared server; the name is the contestant's own and stands in no query but this one. */
export async function makeDatabase(url: string, name: string): Promise<string> {
  if ((await askDatabase(url)) !== 'answered') throw new Error('The PostgreSQL of the bench does not answer.')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 20_000 })
  await client.connect()
  try {
    await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
  return Object.assign(new URL(url), { pathname: `/${name}` }).href
}
