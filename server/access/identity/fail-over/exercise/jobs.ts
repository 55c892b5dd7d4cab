import { hostname } from 'node:os'
import type { Job } from '../../../../platform/jobs.ts'
import type { Parts } from '../../parts.ts'
import { makeExerciseKey } from './authenticator.ts'
import { exerciseFallBack } from './exercise-fall-back.ts'

/** Looked at often, done by one process of the installation every three minutes. */
const LOOKED_AT_EVERY_MS = 15_000

export function exerciseJobs(parts: Parts): Job[] {
  const exerciser = { processId: `${hostname()} ${process.pid}`, key: makeExerciseKey() }
  return [
    { name: 'exercise the fall-back', everyMs: LOOKED_AT_EVERY_MS, run: () => exerciseFallBack(parts, exerciser) },
  ]
}
