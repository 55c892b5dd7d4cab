import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../../drills/frame/clock.ts'
import { childEnvironment } from '../../drills/frame/stage.ts'
import { poll, waitMs } from '../../drills/frame/wait.ts'
import { summarize } from '../../drills/load/latency.ts'
import type { Scene } from '../contestant.ts'
import { answerOf } from '../peers/messages.ts'
import type { FollowerSetup, FromFollower } from './follower-process.ts'
import { flagdFlag, KEY } from './same-rule.ts'

/** issue 5 §2: a change among five hundred flags, to two hundred clients in four processes. */
export const SET = 500
export const PROCESSES = 4
export const CLIENTS = 200
/** A hundred of a hundred would be a minute; the slowest of two hundred clients is in every one of these. */
const CHANGES = 20
const CONNECT_DEADLINE_MS = 120_000
const SEEN_DEADLINE_MS = 10_000
/** Long enough that nobody still reads the one before, keeps it on disk or reports it, and no client's budget is spent. */
const BETWEEN_MS = 2500

export interface Propagation {
  p50Ms: number | null
  p99Ms: number | null
  /** Clients that had not seen a change after ten seconds, of all changes. */
  missed: number
}

/** From the moment a change is asked for until a client's own answer is another: the change itself is in it. */
export async function measurePropagation(scene: Scene): Promise<Propagation> {
  const { stage } = scene
  const { url, applicationKey, administrator, fill } = await scene.flags()
  await fill(SET)
  const seen = new Map<string, { atMs: number; value: unknown }[]>()
  const children = Array.from({ length: PROCESSES }, (_, index) => {
    const name = `followers-${index + 1}`
    const child = stage.spawn(
      name,
      process.execPath,
      [fileURLToPath(new URL('follower-process.ts', import.meta.url))],
      {
        env: childEnvironment({ NODE_ENV: 'production' }),
        hasChannel: true,
        detached: true,
        serialization: 'advanced',
      },
    )
    child.on('message', (message: FromFollower) => {
      if (message.type !== 'seen') return
      const all = seen.get(message.number) ?? []
      seen.set(message.number, [...all, message])
    })
    const clients = CLIENTS / PROCESSES
    child.send({ url, key: applicationKey, folder: join(stage.folder, name), clients } satisfies FollowerSetup)
    return { child, name }
  })
  await Promise.all(
    children.map(({ child, name }) =>
      answerOf(child, { type: 'connected', who: name, signal: stage.signal, deadlineMs: CONNECT_DEADLINE_MS }),
    ),
  )

  const tookMs: number[] = []
  let missed = 0
  for (let change = 0; change < CHANGES; change++) {
    await waitMs(BETWEEN_MS, stage.signal)
    const { version } = await administrator.ask<{ version: string }>('GET', `/v1/flags/${KEY}`)
    const isOn = change % 2 === 0
    const definition = { ...flagdFlag, defaultVariant: isOn ? 'on' : 'off', targeting: {} }
    const askedMs = monotonicMs()
    const made = await administrator.ask<{ number: string }>('PATCH', `/v1/flags/${KEY}`, {
      made_on: version,
      definition,
    })
    const those = () => (seen.get(made.number) ?? []).filter(({ value }) => value === isOn)
    await poll(() => (those().length >= CLIENTS ? true : null), { deadlineMs: SEEN_DEADLINE_MS, signal: stage.signal })
    missed += CLIENTS - Math.min(CLIENTS, those().length)
    tookMs.push(...those().map(({ atMs }) => atMs - askedMs))
  }
  for (const { child } of children) child.disconnect()
  const summary = summarize(tookMs)
  return { p50Ms: summary?.p50_ms ?? null, p99Ms: summary?.p99_ms ?? null, missed }
}
