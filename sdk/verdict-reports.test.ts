import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionAnswer } from './contract.ts'
import { VerdictReports } from './verdict-reports.ts'

const MINUTE_MS = 60_000
const unknown: SessionAnswer = {
  verdict: 'unknown',
  reason: 'access_unreachable',
  source: null,
  age_ms: null,
  retry_after_s: 2,
}

interface Sent {
  instance: string
  minutes: { minute: string; counts: Record<string, number>; lag_ms: number | null; away_ms: number }[]
}

function open(answer: () => Response | Promise<Response>) {
  const state = { nowMs: Date.parse('2026-11-21T08:00:00Z'), lagMs: 800 as number | null, isAway: false }
  const sent: Sent[] = []
  const reports = new VerdictReports({
    url: 'http://127.0.0.1:1',
    key: 'hf_test_app_k',
    fetch: async (_url, init) => {
      sent.push(JSON.parse(String(init?.body)) as Sent)
      return answer()
    },
    now: () => state.nowMs,
    lagMs: () => state.lagMs,
    isAway: () => state.isAway,
    instance: 'web 1',
  })
  return { state, sent, reports }
}

test('a minute that is over is told once, in numbers alone', async () => {
  const { state, sent, reports } = open(() => new Response('{"kept":1}'))
  await using held = reports
  held.count(unknown)
  held.count(unknown)
  held.sample()
  state.nowMs += MINUTE_MS
  await held.send()
  await held.send()
  assert.deepEqual(sent, [
    {
      instance: 'web-1',
      minutes: [
        {
          minute: '2026-11-21T08:00:00.000Z',
          counts: { 'unknown/access_unreachable/': 2 },
          lag_ms: 800,
          away_ms: 0,
        },
      ],
    },
  ])
})

test('while access is away an hour is kept, and told in portions when it is back', async () => {
  let isUp = false
  const { state, sent, reports } = open(() => (isUp ? new Response('{}') : Promise.reject(new Error('refused'))))
  await using held = reports
  for (let minute = 0; minute < 90; minute++) {
    held.count(unknown)
    state.nowMs += MINUTE_MS
  }
  await held.send()
  assert.equal(held.waiting, 60)
  isUp = true
  sent.length = 0
  await held.send()
  assert.deepEqual([sent.map((report) => report.minutes.length), held.waiting], [[20, 20, 20], 0])
})

test('what access refuses for good is not sent for ever', async () => {
  const { state, sent, reports } = open(() => new Response('{}', { status: 404 }))
  await using held = reports
  held.count(unknown)
  state.nowMs += MINUTE_MS
  await held.send()
  assert.deepEqual([sent.length, held.waiting], [1, 0])
})
