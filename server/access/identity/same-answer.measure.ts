/**
 * Measures whether the time of an answer tells who has an account (ASVS 6.3.8): 2 000 pairs of requests, one address known
 * and one not, in turn and in both orders. Beside the suite, because a busy machine makes any figure; what the figures
 * come of, the same statements in the same order, is held by same-answer.test.ts.
 *
 *   npx node --test --test-global-setup=server/platform/testing/global-setup.ts server/access/identity/same-answer.measure.ts
 */
import assert from 'node:assert/strict'
import { cpus } from 'node:os'
import { test } from 'node:test'
import { openRig, seed } from './testing.ts'

const PAIRS = 2000
/** reference/sign-in.md §4.1: below what can be told apart through a network in any reasonable number of tries. */
const DIFFERENCE_MAX_MS = 2
/** A turn of the event loop in which what comes after an answer, the mail, has been dealt with. */
const TURNS = 5

type Kind = 'known' | 'unknown'

test(`the answers of ${PAIRS} known and ${PAIRS} unknown addresses cannot be told apart by their time`, async () => {
  await using rig = await openRig({ signUp: 'closed' })
  for (let index = 0; index < PAIRS; index++) await seed(rig, `known${index}@acme.test`)
  const times: Record<Kind, number[]> = { known: [], unknown: [] }
  for (let index = -100; index < PAIRS; index++) {
    const order: readonly Kind[] = index % 2 === 0 ? ['known', 'unknown'] : ['unknown', 'known']
    for (const kind of order) {
      const browser = rig.browser()
      browser.headers['x-forwarded-for'] = `10.${index & 255}.${(index >> 8) & 255}.1`
      // Limits are by time, and time is ours here: none of them is met.
      rig.clock.advance(1000)
      const startedAt = performance.now()
      const { status } = await browser.post('/v1/sign-in/email', { email: `${kind}${Math.abs(index)}@acme.test` })
      const tookMs = performance.now() - startedAt
      assert.equal(status, 202)
      // The first hundred warm up the process and count for nothing.
      if (index >= 0) times[kind].push(tookMs)
      for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  const [known, unknown] = [figuresOf(times.known), figuresOf(times.unknown)]
  const t = (known.mean - unknown.mean) / Math.sqrt(known.variance / PAIRS + unknown.variance / PAIRS)
  const ms = (value: number) => `${value.toFixed(3)} ms`
  const line = (name: string, { mean, p50, p95 }: Figures) =>
    `${name.padEnd(8)} mean ${ms(mean)}, p50 ${ms(p50)}, p95 ${ms(p95)}`
  process.stdout.write(
    `${[
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpus()[0]!.model.trim()}, Node ${process.versions.node}, ${PAIRS} pairs`,
      line('known', known),
      line('unknown', unknown),
      `Δ p50 ${ms(known.p50 - unknown.p50)}, Δ p95 ${ms(known.p95 - unknown.p95)}, Welch’s t ${t.toFixed(2)}`,
    ].join('\n')}\n`,
  )
  for (const at of ['p50', 'p95'] as const) assert.ok(Math.abs(known[at] - unknown[at]) < DIFFERENCE_MAX_MS, at)
})

interface Figures {
  mean: number
  variance: number
  p50: number
  p95: number
}

function figuresOf(times: readonly number[]): Figures {
  const sorted = times.toSorted((one, other) => one - other)
  const mean = sorted.reduce((sum, each) => sum + each, 0) / sorted.length
  const variance = sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (sorted.length - 1)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!
  return { mean, variance, p50: at(0.5), p95: at(0.95) }
}
