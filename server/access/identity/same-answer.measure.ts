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
import { sql } from '../../platform/database/index.ts'
import { type FederationRig, openFederationRig } from './federation/testing.ts'
import { organizationOf, put, staffIn } from './organizations/testing.ts'
import { openRig, seed } from './testing.ts'

const PAIRS = 2000
/** Of each of the four kinds of people of a domain, in two steps. */
const PAIRS_OF_DOMAIN = 1000
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

/**
 * The same for addresses of a provider's domain, and for four kinds of people: whoever has an account, nobody, somebody blocked,
 * and somebody whose organisation takes nothing but the provider and who gets a mail that says so instead of a code.
 */
test('addresses of one domain cannot be told apart by their time, whoever has them', async () => {
  await using rig = await openFederationRig({ domains: ['acme.test'] })
  const kinds = ['known', 'unknown', 'blocked', 'bound'] as const
  await populate(rig, PAIRS_OF_DOMAIN)
  const times = Object.fromEntries(kinds.map((kind) => [kind, { page: [] as number[], code: [] as number[] }]))
  for (let index = -50; index < PAIRS_OF_DOMAIN; index++) {
    const turn = Math.abs(index) % kinds.length
    for (const kind of [...kinds.slice(turn), ...kinds.slice(0, turn)]) {
      const browser = rig.browser()
      browser.headers['x-forwarded-for'] = `10.${index & 255}.${(index >> 8) & 255}.1`
      rig.clock.advance(300)
      const email = `${kind}${Math.abs(index)}@acme.test`
      for (const [step, fields] of [
        ['page', { email }],
        ['code', { email, by: 'mail' }],
      ] as const) {
        const startedAt = performance.now()
        const { status } = await browser.submit('/sign-in', fields)
        const tookMs = performance.now() - startedAt
        assert.equal(status, step === 'page' ? 200 : 303)
        if (index >= 0) times[kind]![step].push(tookMs)
        for (let turns = 0; turns < TURNS; turns++) await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
  const lines: string[] = []
  const apart: [string, number][] = []
  for (const step of ['page', 'code'] as const) {
    const known = figuresOf(times.known![step])
    for (const kind of kinds) {
      const figures = figuresOf(times[kind]![step])
      const t = (known.mean - figures.mean) / Math.sqrt((known.variance + figures.variance) / PAIRS_OF_DOMAIN)
      const ms = (value: number) => value.toFixed(3)
      lines.push(
        `${step} ${kind.padEnd(8)} mean ${ms(figures.mean)} ms, p50 ${ms(figures.p50)} ms, p95 ${ms(figures.p95)} ms, t ${t.toFixed(2)}`,
      )
      for (const at of ['p50', 'p95'] as const) apart.push([`${step} ${kind} ${at}`, Math.abs(known[at] - figures[at])])
    }
  }
  process.stdout.write(`${lines.join('\n')}\n`)
  for (const [what, ms] of apart) assert.ok(ms < DIFFERENCE_MAX_MS, `${what}: ${ms.toFixed(3)} ms`)
})

async function populate(rig: FederationRig, count: number): Promise<void> {
  const staff = await staffIn(rig)
  const organizationId = await organizationOf(staff, 'Acme')
  const policy = { provider_id: rig.provider.id, ordinary: ['provider'], demands: 'provider', passkeys: 'offered' }
  await rig.db.run(sql`
    insert into identity.sign_in_policy (organization_id, policy, epoch, changed_at, changed_by)
    values (${organizationId}, ${JSON.stringify({ ...policy, fail_over: null })}, 1, now(), 'test')`)
  for (let index = 0; index < count; index++) {
    for (const kind of ['known', 'blocked', 'bound']) {
      const id = await seed(rig, `${kind}${index}@acme.test`)
      if (kind === 'bound') await put(rig, organizationId, id, ['member'])
    }
  }
  await rig.db.run(sql`update identity.user set blocked_at = now() where email like 'blocked%'`)
}

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
