import { ageMs } from '../../../../platform/clock.ts'
import type { Job } from '../../../../platform/jobs.ts'
import type { Parts } from '../../parts.ts'
import { THIS_PROCESS } from '../turns/this-process.ts'
import { makeExerciseKey } from './authenticator.ts'
import { exerciseFallBack } from './exercise-fall-back.ts'

/** Looked at often, done by one process of the installation every three minutes. */
const LOOKED_AT_EVERY_MS = 15_000
/** A process that has just started is busy with that: what is slow then says nothing of the fall-back. */
const SETTLED_MS = 10_000

export function exerciseJobs(parts: Parts): Job[] {
  const exerciser = { processId: THIS_PROCESS, key: makeExerciseKey() }
  const startedAt = parts.clock.now()
  const exercise = async () => {
    if (ageMs(parts.clock, startedAt) >= SETTLED_MS) await exerciseFallBack(parts, exerciser)
  }
  return [{ name: 'exercise the fall-back', everyMs: LOOKED_AT_EVERY_MS, run: exercise }]
}
