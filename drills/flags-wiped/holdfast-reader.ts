import { Holdfast } from '../../sdk/index.ts'
import type { OpenReader } from './app.ts'

export interface HoldfastReaderSetup {
  url: string
  key: string
  folder: string
}

/** Long enough for a first snapshot over a front that is being restarted; an app that waits longer answers by its own. */
const READY_MS = 10_000

/** As the SDK's own guide sets it up: one object, and flags asked for from memory. */
export const openReader = (async ({ url, key, folder }: HoldfastReaderSetup) => {
  const holdfast = new Holdfast({ url, key, dataDir: folder, onProblem: (sentence) => console.log(sentence) })
  await holdfast.flags.ready(READY_MS)
  return {
    answer(flag, organization) {
      const { value, source } = holdfast.flags.details(flag, false, { organization })
      return { value, source }
    },
    standing() {
      const { seq, count, isStale } = holdfast.flags.status()
      return { number: seq, flags: count, isInDoubt: isStale }
    },
  }
}) satisfies OpenReader
