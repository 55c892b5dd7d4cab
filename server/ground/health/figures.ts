import type { Clock } from '../../platform/clock.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Logger } from '../../platform/log.ts'

export interface Figure {
  /** Null: never known to this process. */
  value: number | null
  as_of: Date | null
}

const SAMPLE_EVERY_MS = 5000

/** Numbers for people, sampled by themselves: the last known value stays, with its age, when nothing can be counted. */
export function startFigures<Name extends string>(
  count: () => Promise<Record<Name, number | null>>,
  names: readonly Name[],
  { clock, log }: { clock: Clock; log: Logger },
) {
  const figures = Object.fromEntries(names.map((name) => [name, { value: null, as_of: null }])) as Record<Name, Figure>
  let timer: NodeJS.Timeout | undefined
  let underWay: Promise<void> | undefined
  let isStopped = false

  /** One at a time, and one rhythm: whoever asks in between joins. */
  function sample(): Promise<void> {
    clearTimeout(timer)
    underWay ??= take().finally(() => {
      underWay = undefined
      if (!isStopped) timer = setTimeout(() => void sample(), SAMPLE_EVERY_MS).unref()
    })
    return underWay
  }

  async function take(): Promise<void> {
    try {
      const counted = await count()
      // What nobody could know keeps its last value and its age.
      for (const name of names) if (counted[name] !== null) figures[name] = { value: counted[name], as_of: clock.now() }
    } catch (error) {
      // An outage is told by the database's own health; the figures keep their age.
      if (!(error instanceof DatabaseOutage)) log.error({ err: error }, 'the figures could not be counted')
    }
  }

  return {
    read: () => figures,
    sample,
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
