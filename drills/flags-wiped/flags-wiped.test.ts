import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ArmFigures, ArmName, Card } from '../frame/card.ts'
import { printCard } from '../frame/print-card.ts'

/** The shortest there is: who answers wrongly does so within two seconds, or not at all. */
const SCALE = '0.05'
const DEADLINE_MS = 240_000

interface Ran {
  card: Card
  figures: ArmFigures
  stderr: string
}

/** The drill itself, as anybody runs it. */
function runDrill(arm: ArmName): Promise<Ran> {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const args = [main, 'flags-wiped', '--arm', arm, '--scale', SCALE, '--json']
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

/** What depends on how busy the machine is: then the card says invalid or missed, which is right and no failure of the drill. */
const BUSY = /asked of what was planned|, s$/

function unmet({ bars }: Card): string[] {
  return bars.filter(({ name, met }) => !met && !BUSY.test(name)).map(({ name }) => name)
}

describe('a short drill of flags that are wiped', { concurrency: true }, () => {
  test('the naive arm answers wrongly from the wipe on, notices nothing, and prints nothing but its card', async () => {
    const { card, figures, stderr } = await runDrill('naive')
    assert.deepEqual(unmet(card), [], card.why.join('\n'))
    assert.equal(stderr, '')
    assert.equal(figures.fault_proven, true)
    assert.ok(figures.wrong_answers! > 0)
    assert.equal(figures.detect_s, null)
    assert.match(printCard(card, { isColoured: false }), /Naive, \(a\) demo runs its job .* answers wrong/s)
  })

  test('through the same wipe, six false snapshots and torn disks Holdfast answers nobody wrongly, and forgets what is meant to go', async () => {
    const { card, figures } = await runDrill('holdfast')
    assert.deepEqual(unmet(card), [], card.why.join('\n'))
    assert.equal(figures.fault_proven, true)
    assert.equal(figures.wrong_answers, 0)
    assert.notEqual(figures.detect_s, null)
    assert.equal(figures.details.left_running, 0)
  })
})
