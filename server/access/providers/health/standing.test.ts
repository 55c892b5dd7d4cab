import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProviderState, Verdict } from '../verdict.ts'
import { standingOf } from './standing.ts'

const now = new Date('2026-11-22T10:50:00Z')
const since = new Date('2026-11-22T10:42:00Z')

function verdictOf(state: ProviderState, more: Partial<Verdict> = {}): Verdict {
  const order = { ordered: null, ordered_reason: null, ordered_by: null, ordered_at: null, ordered_until: null }
  const why = { sentence: '', faults: [], processes: { saw: 1, live: 1 }, is_control_good: true }
  const times = { since, open_since: state === 'down' ? since : null, closed_at: null, decided_at: since }
  return { provider_id: '', epoch: 1, state, ...times, decided_by: 'holdfast', why, ...order, ...more }
}

function standing(verdicts: Record<string, Verdict | undefined>) {
  const offered = Object.keys(verdicts).map((name) => ({ id: name, name }))
  return standingOf({ offered, verdictOf: (id) => verdicts[id], seenAt: now, now })
}

test('whoever runs this reads in one line which providers people are sent another way than, and since when', () => {
  const down = standing({ Acme: verdictOf('down'), Beta: verdictOf('healthy'), Gamma: verdictOf('unknown') })
  assert.deepEqual([down.state, down.open, down.unknown, down.since], ['failing', 1, 1, since])
  assert.match(down.sentence, /another way than Acme \(since 10:42 UTC\)\..*provider-down/)
  const ordered = verdictOf('healthy', { ordered: 'open', ordered_until: new Date(now.getTime() + 1) })
  assert.equal(standing({ Acme: ordered }).open, 1)
  const at = new Date('2026-11-22T10:47:00Z')
  assert.match(standing({ Acme: { ...ordered, ordered_at: at } }).sentence, /since 10:47 UTC/)
  assert.equal(standing({ Acme: { ...ordered, ordered_until: now } }).open, 0)
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, verdictOf('down')]))
  assert.match(standing(many).sentence, / and 2 more\./)
})

test('our own network is named apart from an outage of a provider', () => {
  const unknown = standing({ Acme: verdictOf('unknown'), Beta: verdictOf('suspect') })
  assert.deepEqual([unknown.state, unknown.open, unknown.unknown], ['unknown', 0, 1])
  assert.match(unknown.sentence, /our own network.*own-network-unknown/)
})

test('a provider that nothing speaks against is no news, and one that nobody has looked at is unknown', () => {
  assert.equal(standing({ Acme: verdictOf('suspect'), Beta: verdictOf('healthy') }).state, 'ok')
  assert.equal(standing({ Acme: verdictOf('healthy') }).sentence, 'Nothing speaks against Acme.')
  const unseen = standing({ Acme: verdictOf('healthy'), Beta: undefined })
  assert.deepEqual([unseen.state, unseen.unknown], ['unknown', 1])
  assert.match(unseen.sentence, /^Nobody has looked at Beta yet/)
  assert.equal(standing({ Acme: verdictOf('unknown'), Beta: undefined }).unknown, 2)
  assert.equal(standing({}).sentence, 'No identity provider is offered.')
})
