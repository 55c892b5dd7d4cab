import type { EvidenceSeen } from '../evidence.ts'
import { newId } from '../../../platform/id.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Control } from './control.ts'
import { look, type Looked, type ProbeParts, questionsOf, type Target } from './probe.ts'

export interface RoundParts extends ProbeParts {
  clock: Clock
  control: Control
}

const BEAT_MS = 100
/** Who was not running for so long himself cannot say that somebody else was slow. */
const ASLEEP_MAX_MS = 500

/** Looks at everything at once. `isDoubtful`: something seemed wrong before, so the control is asked beside it. */
export async function lookAround(
  parts: RoundParts,
  target: Target,
  asked: { isDoubtful: boolean; signal: AbortSignal; onLooked(looked: Looked): void },
): Promise<EvidenceSeen[]> {
  const questions = questionsOf(target)
  const hosts = new Set(questions.map(({ url }) => new URL(url).host))
  let control: Promise<boolean> | undefined
  const askControl = () => {
    control ??= parts.control.isGood(hosts)
  }
  if (asked.isDoubtful) askControl()
  const sleep = watchSleep(parts.clock)
  try {
    const looks = await Promise.all(
      questions.map(async (question) => {
        const looked = await look(parts, question, asked.signal)
        if (looked.outcome === 'fault') askControl()
        asked.onLooked(looked)
        return looked
      }),
    )
    const isControlGood = control === undefined ? null : (await control) && !sleep.wasLong()
    const round = newId('rnd', parts.clock.now())
    return looks.map((each) => ({ ...each, provider_id: target.id, round, is_control_good: isControlGood }))
  } finally {
    sleep.stop()
  }
}

/** A process that stood still finds all its deadlines passed when it wakes up. */
function watchSleep(clock: Clock) {
  let lastMs = clock.monotonicMs()
  let longestMs = 0
  const beat = () => {
    const nowMs = clock.monotonicMs()
    longestMs = Math.max(longestMs, nowMs - lastMs - BEAT_MS)
    lastMs = nowMs
  }
  const timer = setInterval(beat, BEAT_MS).unref()
  return {
    wasLong() {
      beat()
      return longestMs > ASLEEP_MAX_MS
    },
    stop: () => clearInterval(timer),
  }
}
