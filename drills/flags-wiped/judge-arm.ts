import { type ArmFigures, seconds } from '../frame/card.ts'
import type { Bucket } from './app.ts'
import type { ArmRun, Step } from './arm.ts'

/** What was answered while a part of the fault lasted, by all applications together. */
export interface Answers {
  asked: number
  wrong: number
  /** By the default in the code, right or wrong: nobody knew better. */
  fallbacks: number
  sources: Record<string, number>
}

export function judgeArm(run: ArmRun): ArmFigures {
  const { restore, steps } = run
  return {
    fault_proven: steps.length > 0 && steps.every(({ isProven }) => isProven),
    detect_s: since(run.wipedMs, run.signalledMs),
    named_s: since(run.wipedMs, run.namedMs),
    wrong_answers: duringFaults(run).wrong,
    recover_s: since(restore.askedMs, restore.allFollowedMs),
    // No session is looked at here.
    ...{
      sign_in_pct: null,
      existing_pct: null,
      lost: null,
      duplicated: null,
      resurrected: null,
      false_sign_outs: null,
    },
    false_alarms: run.falseAlarms,
    details: detailsOf(run),
  }
}

/** From the first part of the fault until somebody asked for the restore. */
export function duringFaults({ apps, steps, restore }: ArmRun): Answers {
  return answersIn(apps, { fromMs: steps[0]?.fromMs ?? restore.askedMs, toMs: restore.askedMs })
}

/** Whatever is answered until the next part begins is laid at this one's door. */
export function duringStep({ apps, steps, restore }: ArmRun, step: Step): Answers {
  const next = steps[steps.indexOf(step) + 1]
  return answersIn(apps, { fromMs: step.fromMs, toMs: next?.fromMs ?? restore.askedMs })
}

/** Before anything was done to anybody. */
export function beforeFaults({ apps, steps }: ArmRun): Answers {
  return answersIn(apps, { fromMs: 0, toMs: steps[0]?.fromMs ?? 0 })
}

/** From the moment everybody had followed the restore; null: somebody never did. */
export function afterRestore({ apps, restore, plan }: ArmRun): Answers | null {
  if (restore.allFollowedMs === null) return null
  const fromMs = restore.allFollowedMs + BUCKET_MS
  return answersIn(apps, { fromMs, toMs: fromMs + plan.steadyMs - 2 * BUCKET_MS })
}

/** An application tells of a tenth of a second at a time. */
const BUCKET_MS = 100

function answersIn(apps: ArmRun['apps'], { fromMs, toMs }: { fromMs: number; toMs: number }): Answers {
  const all: Answers = { asked: 0, wrong: 0, fallbacks: 0, sources: {} }
  for (const bucket of apps.flatMap(({ buckets }) => buckets)) {
    if (bucket.fromMs < fromMs || bucket.fromMs >= toMs) continue
    all.asked += bucket.asked
    all.wrong += bucket.wrong
    all.fallbacks += bucket.sources.fallback ?? 0
    for (const [source, count] of Object.entries(bucket.sources))
      all.sources[source] = (all.sources[source] ?? 0) + count
  }
  return all
}

/** The share of what was planned that those who never went away have really asked. */
export function askedPercent({ apps, plan, steps, restore }: ArmRun): number | null {
  const first = steps[0]
  if (!first) return null
  const shares = apps.map(({ buckets }) =>
    shareOf(during(buckets, first.fromMs, restore.askedMs), plan.evaluationsPerSecond),
  )
  const whole = shares.flatMap((share) => (share === null ? [] : [share]))
  return whole.length === 0 ? null : Math.round(Math.min(...whole) * 100)
}

const during = (buckets: Bucket[], fromMs: number, toMs: number) =>
  buckets.filter((bucket) => bucket.fromMs >= fromMs && bucket.toMs <= toMs)

function shareOf(buckets: Bucket[], perSecond: number): number | null {
  const lastedMs = buckets.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  if (lastedMs === 0) return null
  return buckets.reduce((sum, { asked }) => sum + asked, 0) / ((lastedMs * perSecond) / 1000)
}

const since = (fromMs: number, atMs: number | null) => (atMs === null ? null : seconds(atMs - fromMs))

function detailsOf(run: ArmRun): Record<string, unknown> {
  const { plan, restore, steps, deletion } = run
  return {
    scale: plan.scale,
    load: { applications: plan.apps, evaluations_per_s_each: plan.evaluationsPerSecond },
    before: beforeFaults(run),
    steps: steps.map((step) => ({
      step: `(${step.letter}) ${step.title}`,
      ...duringStep(run, step),
      lasted_s: seconds(step.toMs - step.fromMs),
      proof: { proven: step.isProven, ...step.rests },
    })),
    restore: {
      restored_s: since(restore.askedMs, restore.doneMs),
      all_followed_s: since(restore.askedMs, restore.allFollowedMs),
      applications_on_what_was_restored: restore.followers,
      applications: restore.applications,
    },
    after: afterRestore(run),
    deletion: deletion && {
      refused_unconfirmed: deletion.isRefusedUnconfirmed,
      applications_still_holding: deletion.stillHolding,
    },
    ...run.facts,
  }
}
