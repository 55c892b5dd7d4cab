import { monotonicMs } from '../frame/clock.ts'
import { waitMs } from '../frame/wait.ts'
import type { Scene, Step } from './arm.ts'

export type Proof = Pick<Step, 'isProven' | 'rests'>

/**
 * One part of the fault: it is done, held, and only then proven, by what there is to be seen at the end of it. What it costs is
 * counted from its beginning.
 */
export async function playPart(
  { stage, plan, progress }: Scene,
  steps: Step[],
  part: { letter: string; title: string; act: () => Promise<() => Promise<Proof> | Proof> },
): Promise<void> {
  const { letter, title } = part
  progress.step(`(${letter}) ${title}`)
  const fromMs = monotonicMs()
  const prove = await part.act()
  // Held from its effect on: an application that restarts has to answer for as long as one that does not.
  await waitMs(plan.holdMs, stage.signal)
  const proof = await prove()
  steps.push({ letter, title, fromMs, toMs: monotonicMs(), ...proof })
}
