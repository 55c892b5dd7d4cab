import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { refusalReasons } from '../../api/wire/fail-over.ts'
import { byOrganization, sayReason } from './kept-out.ts'

const row = (hour: number, organization: string, reason: string, count: number) => ({
  hour: `2026-11-21T${hour}:00:00Z`,
  organization_id: organization,
  organization_name: organization === 'org_gone' ? null : `${organization} GmbH`,
  reason,
  count,
})

test('counts of hours are told by organisation and reason, the newest organisation and the most frequent reason first', () => {
  const told = byOrganization([
    row(12, 'org_a', 'closed', 1),
    row(11, 'org_gone', 'not_linked', 9),
    row(11, 'org_a', 'closed', 2),
    row(10, 'org_a', 'weaker_than_demanded', 4),
    row(10, 'org_a', 'closed', 3),
  ])
  assert.deepEqual(
    told.map(({ organization, count }) => [organization.id, organization.name, count]),
    [
      ['org_a', 'org_a GmbH', 10],
      ['org_gone', null, 9],
    ],
  )
  assert.deepEqual(told[0]?.reasons, [
    { reason: 'closed', count: 6, first: '2026-11-21T10:00:00Z', last: '2026-11-21T12:00:00Z' },
    { reason: 'weaker_than_demanded', count: 4, first: '2026-11-21T10:00:00Z', last: '2026-11-21T10:00:00Z' },
  ])
  assert.deepEqual(byOrganization([]), [])
})

test('every reason of the server has words here, and one of a newer server is shown as it is', async () => {
  const path = '../../../../server/access/identity/fail-over/may-enter.ts'
  const server = await readFile(new URL(path, import.meta.url), 'utf8')
  const listed = /refusedBecause = \[([^\]]+)\]/.exec(server)?.[1]?.match(/[a-z_]+/g)
  assert.deepEqual([...refusalReasons].toSorted(), listed?.toSorted())
  for (const reason of refusalReasons) assert.doesNotMatch(sayReason(reason).why, /Access says/)
  assert.match(sayReason('too_tired').why, /“too_tired”/)
  assert.match(sayReason('toString').why, /“toString”/)
})
