import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ArmFigures, ArmName, Card } from '../frame/card.ts'
import { printCard } from '../frame/print-card.ts'

/** The shortest there is: what a fault costs shows in seconds, how long it lasts does not. */
const SCALE = '0.01'
const DEADLINE_MS = 150_000

interface Ran {
  card: Card
  figures: ArmFigures
  stderr: string
}

/** The drill itself, as anybody runs it. */
function runDrill(arm: ArmName): Promise<Ran> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const args = [main, 'store-full', '--arm', arm, '--scale', SCALE, '--json']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: DEADLINE_MS, maxBuffer: 2 ** 24 }, (_error, stdout, stderr) => {
      try {
        const card = JSON.parse(stdout) as Card
        const figures = card.arms[arm]
        assert.ok(figures, card.why.join(' '))
        resolve({ card, figures, stderr })
      } catch (error) {
        reject(new Error(`${error}\n${stdout}\n${stderr}`))
      }
    })
  })
}

/** On a machine too busy to send on time the card says that it is invalid, which is right and no failure of the drill. */
function assertHonest({ card }: Ran, arm: ArmName): void {
  const busy = [`${arm}: complaints about the generator`, `${arm}: well before the first fault, %`]
  const unmet = card.bars.filter((bar) => !bar.met && bar.name.startsWith(`${arm}: `)).map((bar) => bar.name)
  assert.deepEqual(
    unmet.filter((name) => !busy.includes(name)),
    [],
    card.why.join('\n'),
  )
}

describe('a short drill of a store that fills up', { concurrency: true }, () => {
  test('the naive arm shows what six proven faults of its store cost, and prints nothing but its card', async () => {
    const ran = await runDrill('naive')
    assertHonest(ran, 'naive')
    assert.equal(ran.stderr, '')
    assert.equal(ran.figures.fault_proven, true)
    const faults = ran.figures.details.faults as {
      sign_in_pct: number
      false_sign_outs: number
      ping: { up: number }
    }[]
    const [expiryOff, , , wiped] = faults
    assert.ok(expiryOff!.sign_in_pct < 50, 'nobody gets in while the store is full')
    assert.ok(wiped!.false_sign_outs > 0, 'a wipe signs people out')
    assert.match(printCard(ran.card, { isColoured: false }), /Naive, A: full, .*PING up/s)
  })

  test('through the same faults Holdfast lets everybody in, signs nobody out and resurrects nobody', async () => {
    const ran = await runDrill('holdfast')
    assertHonest(ran, 'holdfast')
    assert.equal(ran.figures.fault_proven, true)
    assert.deepEqual([ran.figures.false_sign_outs, ran.figures.resurrected], [0, 0])
    if (ran.card.verdict !== 'invalid') assert.equal(ran.card.verdict, 'held', ran.card.why.join('\n'))
    assert.equal(ran.figures.details.left_running, 0)
  })
})
