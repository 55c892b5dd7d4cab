import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../../drills/frame/clock.ts'
import { freePorts } from '../../drills/frame/loopback.ts'
import { childEnvironment, type Stage } from '../../drills/frame/stage.ts'
import { poll } from '../../drills/frame/wait.ts'

export interface StartTimes {
  coldS: number | null
  warmS: number | null
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 15_000
/** One more request than this a second would itself slow the start down. */
const LOOK_EVERY_MS = 20

/** `npm start`, with its own embedded PostgreSQL: into an empty data folder, and again into the same. */
export async function measureStarts(stage: Stage): Promise<StartTimes> {
  const data = join(stage.folder, 'start')
  const coldS = await timeStart(stage, data)
  return { coldS, warmS: await timeStart(stage, data) }
}

async function timeStart(stage: Stage, data: string): Promise<number | null> {
  const [access, demo, mail] = (await freePorts(3)) as [number, number, number]
  const beganMs = monotonicMs()
  const child = stage.spawn('npm-start', 'npm', ['start'], {
    cwd: ROOT,
    detached: true,
    env: childEnvironment({
      HOLDFAST_DATA: data,
      HOLDFAST_ACCESS_PORT: String(access),
      HOLDFAST_DEMO_PORT: String(demo),
      HOLDFAST_MAIL_PORT: String(mail),
    }),
  })
  const isServed = await poll(
    async () => {
      const page = await fetch(`http://127.0.0.1:${access}/sign-in`).catch(() => null)
      const text = (await page?.text()) ?? ''
      return (page?.status === 200 && text.includes('<form')) || null
    },
    { deadlineMs: START_DEADLINE_MS, signal: stage.signal, everyMs: LOOK_EVERY_MS },
  )
  const tookMs = monotonicMs() - beganMs
  // Ctrl-C goes to all of a terminal: npm alone would not pass it on to what it has started.
  if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
  const left = await stage.stop(child, data, STOP_DEADLINE_MS)
  if (left.length > 0) throw new Error(`npm start did not end in ${STOP_DEADLINE_MS} ms.`)
  return isServed ? Math.round(tookMs / 10) / 100 : null
}
