import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FleetMember } from '../../api/wire/flags.ts'
import { groupFleet } from './group-fleet.ts'

const member = (more: Partial<FleetMember>): FleetMember => ({
  ...{ application: 'app_notes', instance: 'web-1', epoch: 3, seq: 1893, source: 'live', age_ms: 1000 },
  ...{ fallbacks: {}, faults: [], reported_at: '2026-11-21T14:03:00.000Z' },
  ...more,
})

test('processes are counted by the number they are on, and who is behind is told with since when', () => {
  const [notes] = groupFleet({
    ...{ epoch: 3, seq: 1893 },
    data: [
      member({}),
      member({ instance: 'web-2' }),
      member({ instance: 'web-3', seq: 1871, age_ms: 60_000, source: 'disk' }),
    ],
  })
  assert.deepEqual(
    notes!.numbers.map(({ number, processes, state, notLive }) => [number, processes, state, notLive]),
    [
      ['e3.s1893', 2, 'current', 0],
      ['e3.s1871', 1, 'behind', 1],
    ],
  )
  assert.equal(notes!.numbers[1]!.confirmedAt, '2026-11-21T14:02:00.000Z')
})

test('what is in trouble stands first, and what access itself does not know is said of nobody', () => {
  const groups = groupFleet({
    ...{ epoch: null, seq: null },
    data: [
      member({ application: 'access', age_ms: null }),
      member({}),
      member({ application: 'app_shop', fallbacks: { 'new-view': 2, other: 5 } }),
      member({ application: 'app_shop', instance: 'web-9', fallbacks: { 'new-view': 4 } }),
      member({ application: 'app_zoo', faults: [{ code: 'bad_signature', detail: 'Refused.' }] }),
    ],
  })
  assert.deepEqual(
    groups.map(({ application }) => application),
    ['app_zoo', 'app_shop', 'app_notes', 'access'],
  )
  assert.deepEqual(groups[1]!.fallbacks, [
    ['new-view', 6],
    ['other', 5],
  ])
  assert.equal(groups[3]!.numbers[0]!.state, 'unknown')
  assert.equal(groups[3]!.numbers[0]!.confirmedAt, null)
})

test('who was in touch when they reported is not behind, whatever was changed within that minute', () => {
  const [notes] = groupFleet({ epoch: 3, seq: 1893, data: [member({ seq: 1892, age_ms: 800 })] })
  assert.equal(notes!.numbers[0]!.state, 'reported')
  const faults = [{ code: 'bad_signature', detail: 'Refused.' }]
  const [refusing] = groupFleet({ epoch: 3, seq: 1893, data: [member({ seq: 1892, age_ms: 800, faults })] })
  assert.equal(refusing!.numbers[0]!.state, 'behind')
})
