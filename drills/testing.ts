import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ArmFigures, ArmName, Card } from './frame/card.ts'

/** The shortest there is. What depends on how long a fault lasts does not show. */
const SCALE = 0.01
const DEADLINE_MS = 240_000

export interface Ran {
  card: Card
  figures: ArmFigures
  status: number
  stderr: string
}

/** One arm of a drill, as anybody runs it. */
export function runDrill(drill: string, arm: ArmName, scale = SCALE): Promise<Ran> {
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const args = [main, drill, '--arm', arm, '--scale', String(scale), '--json']
  const limits = { timeout: DEADLINE_MS, maxBuffer: 2 ** 24 }
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, limits, (_error, stdout, stderr) => {
      try {
        const card = JSON.parse(stdout) as Card
        const figures = card.arms[arm]
        assert.ok(figures, card.why.join(' '))
        resolve({ card, figures, status: child.exitCode!, stderr })
      } catch (error) {
        reject(new Error(`${error}\n${stdout}\n${stderr}`))
      }
    })
  })
}

/**
 * On a machine too busy to send on time the card says that it is invalid, which is right and no failure of the drill.
 * Everything else that makes a run invalid would be one.
 */
export function assertHonest({ card }: Ran, arm: ArmName): void {
  const said = ['complaints about the generator', 'well before the first fault, %', 'failed before the faults']
  const busy = said.map((bar) => `${arm}: ${bar}`)
  const unmet = card.bars.filter((bar) => !bar.met && bar.name.startsWith(`${arm}: `)).map((bar) => bar.name)
  assert.deepEqual(
    unmet.filter((name) => !busy.includes(name)),
    [],
    card.why.join('\n'),
  )
}
