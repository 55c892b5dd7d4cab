/** An application: it asks its flags all along, by whatever reader it was given, and tells what it was answered. */
import { monotonicMs } from '../frame/clock.ts'
import { seededRandom } from '../load/random.ts'
import type { Bucket, FromApp, OpenReader, Reader, ToApp } from './app.ts'
import { FLAGS, isOn, keyOf, ORGANIZATIONS, organizationOf } from './truth.ts'

const TICK_MS = 10
const TELL_MS = 100

const say = (message: FromApp) => process.send?.(message)
process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
process.on('message', async (message: ToApp) => {
  try {
    const { openReader } = (await import(message.reader)) as { openReader: OpenReader }
    const reader = await openReader(message.setup as never)
    say({ type: 'ready', atMs: monotonicMs(), standing: reader.standing() })
    ask(reader, message)
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })
  }
})

/** As many as are due by the clock: an app that was kept from asking asks them afterwards, so that none is missing. */
function ask(reader: Reader, { perSecond, seed }: ToApp): void {
  const random = seededRandom(seed)
  const startMs = monotonicMs()
  let done = 0
  let bucket = emptyBucket(startMs)
  setInterval(() => {
    const due = Math.floor(((monotonicMs() - startMs) * perSecond) / 1000)
    for (; done < due; done++) {
      const [flag, organization] = [Math.floor(random() * FLAGS), Math.floor(random() * ORGANIZATIONS)]
      const { value, source } = reader.answer(keyOf(flag), organizationOf(organization))
      bucket.asked++
      if (value !== isOn(flag, organization)) bucket.wrong++
      bucket.sources[source] = (bucket.sources[source] ?? 0) + 1
    }
  }, TICK_MS)
  setInterval(() => {
    const toMs = monotonicMs()
    say({ type: 'bucket', bucket: { ...bucket, toMs, standing: reader.standing() } })
    bucket = emptyBucket(toMs)
  }, TELL_MS)
}

const emptyBucket = (fromMs: number): Omit<Bucket, 'toMs' | 'standing'> => ({ fromMs, asked: 0, wrong: 0, sources: {} })
