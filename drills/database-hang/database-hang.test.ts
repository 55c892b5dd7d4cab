import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, test } from 'node:test'
import type { ArmFigures, ArmName, Card } from '../frame/card.ts'

/** The shortest there is: the faults are then shorter than a detector needs, so detection is not asserted. */
const SCALE = '0.01'
const DEADLINE_MS = 150_000

interface Ran {
  card: Card
  figures: ArmFigures
  status: number
  stderr: string
}

/** The drill itself, as anybody runs it. */
function runDrill(arm: ArmName): Promise<Ran> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const args = [main, 'database-hang', '--arm', arm, '--scale', SCALE, '--json']
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      args,
      { timeout: DEADLINE_MS, maxBuffer: 2 ** 24 },
      (_error, stdout, stderr) => {
        try {
          const card = JSON.parse(stdout) as Card
          const figures = card.arms[arm]
          assert.ok(figures, card.why.join(' '))
          resolve({ card, figures, status: child.exitCode!, stderr })
        } catch (error) {
          reject(new Error(`${error}\n${stdout}\n${stderr}`))
        }
      },
    )
  })
}

/**
 * On a machine too busy to send on time the card says that it is invalid, which is right and no failure of the drill.
 * Everything else that makes a run invalid would be one.
 */
function assertHonest({ card }: Ran, arm: ArmName): void {
  const busy = [`${arm}: complaints about the generator`, `${arm}: well before the first fault, %`]
  const unmet = card.bars.filter((bar) => !bar.met && bar.name.startsWith(`${arm}: `)).map((bar) => bar.name)
  assert.deepEqual(
    unmet.filter((name) => !busy.includes(name)),
    [],
    card.why.join('\n'),
  )
}

describe('a short drill of a hanging database', { concurrency: true }, () => {
  test('the naive arm shows what three proven faults cost, and prints nothing but its card', async () => {
    const ran = await runDrill('naive')
    assertHonest(ran, 'naive')
    assert.equal(ran.stderr, '')
    assert.equal(ran.figures.fault_proven, true)
    assert.ok(ran.figures.existing_pct! < 100)
    assert.equal(ran.figures.detect_s, null)
    assert.equal(ran.figures.lost, 0)
    assert.ok(ran.card.why.some((sentence) => sentence.startsWith('Naive: with the whole server stopped')))
  })

  test('through the same faults Holdfast signs nobody out, resurrects nobody and loses no sign-in', async () => {
    const ran = await runDrill('holdfast')
    assertHonest(ran, 'holdfast')
    assert.equal(ran.figures.fault_proven, true)
    const { false_sign_outs, resurrected, wrong_answers, lost, duplicated } = ran.figures
    assert.deepEqual(
      { false_sign_outs, resurrected, wrong_answers, lost, duplicated },
      { false_sign_outs: 0, resurrected: 0, wrong_answers: 0, lost: 0, duplicated: 0 },
    )
    if (ran.card.verdict !== 'invalid') assert.equal(ran.figures.existing_pct, 100, JSON.stringify(ran.figures.details))
    assert.equal(ran.figures.details.left_running, 0)
  })
})
