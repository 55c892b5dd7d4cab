/** `node --expose-gc`: what the flags of one contestant take in a process that has nothing else, and how long they take at first. */
import { monotonicMs } from '../../drills/frame/clock.ts'
import type { Compile } from './compiling.ts'
import type { Load } from './evaluating.ts'
import { flagdDefinition } from './same-rule.ts'

export interface MemoryQuestion {
  module: string
  flags: number
  own: unknown
}
export type FromMemory = { type: 'measured'; heapMb: number; firstMs: number } | { type: 'failed'; message: string }

/** What is kept has to be there when it is measured. */
const kept: unknown[] = []

process.on('disconnect', () => process.exit())
process.on('message', async ({ module, flags, own }: MemoryQuestion) => {
  const say = (said: FromMemory) => process.send?.(said)
  try {
    const { compile, load } = (await import(module)) as { compile?: Compile; load?: Load }
    const text = compile ? JSON.stringify(flagdDefinition(flags)) : ''
    const before = heapBytes()
    const beganMs = monotonicMs()
    kept.push(compile ? compile(text) : await load!(flags, own))
    const firstMs = monotonicMs() - beganMs
    say({ type: 'measured', heapMb: (heapBytes() - before) / 2 ** 20, firstMs })
  } catch (error) {
    say({ type: 'failed', message: error instanceof Error ? error.stack! : String(error) })
  }
})

/** After two collections: what the first one frees may hold others. */
function heapBytes(): number {
  globalThis.gc!()
  globalThis.gc!()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
