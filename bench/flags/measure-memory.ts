import { fileURLToPath } from 'node:url'
import { childEnvironment } from '../../drills/frame/stage.ts'
import type { Scene } from '../contestant.ts'
import { medianOf } from '../figures/median.ts'
import { answerOf } from '../peers/messages.ts'
import type { FromMemory, MemoryQuestion } from './memory-process.ts'
import { MANY_FLAGS } from './same-rule.ts'

const DEADLINE_MS = 60_000

export interface Taken {
  heapMb: number | null
  /** The first of a process, nothing compiled by V8 yet. */
  firstMs: number | null
}

/** What 5,000 flags take, each time in a new process; the median of as many as there are rounds. */
export async function measureMemory(
  { stage }: Scene,
  asked: { name: string; module: string; own?: (round: number) => unknown; rounds: number },
): Promise<Taken> {
  const { name, module, own, rounds } = asked
  const all: Extract<FromMemory, { type: 'measured' }>[] = []
  for (let round = 0; round < rounds; round++) {
    const program = fileURLToPath(new URL('memory-process.ts', import.meta.url))
    const child = stage.spawn(`memory-${name}`, process.execPath, ['--expose-gc', program], {
      env: childEnvironment({ NODE_ENV: 'production' }),
      hasChannel: true,
      detached: true,
      serialization: 'advanced',
    })
    child.send({ module, flags: MANY_FLAGS, own: own?.(round) ?? null } satisfies MemoryQuestion)
    const wanted = { type: 'measured', who: `memory of ${name}`, signal: stage.signal, deadlineMs: DEADLINE_MS }
    all.push(await answerOf<(typeof all)[number]>(child, wanted))
    child.disconnect()
  }
  const rounded = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10)
  return {
    heapMb: rounded(medianOf(all.map(({ heapMb }) => heapMb))),
    firstMs: rounded(medianOf(all.map(({ firstMs }) => firstMs))),
  }
}
