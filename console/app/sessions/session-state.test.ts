import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Reason, reasons } from '@holdfast/sdk/contract'
import type { SessionRow } from '../api/wire.ts'
import { stateOf } from './session-state.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const session: SessionRow = {
  id: 'ses_1',
  user: { id: 'usr_1', email: 'ana@acme.test', name: null },
  organization_id: null,
  impersonator: null,
  audience: 'app_demo',
  created_at: '2026-11-20T12:00:00Z',
  authenticated_at: '2026-11-20T12:00:00Z',
  last_seen_at: '2026-11-21T11:59:00Z',
  expires_at: '2026-12-20T12:00:00Z',
  ended_at: null,
  end_reason: null,
  ended_by: null,
  device: { name: null, user_agent: null, address: null },
  is_current: false,
}

test('every reason of the contract is told in its words', () => {
  for (const reason of Object.keys(reasons) as Reason[]) {
    const ended = { ...session, ended_at: '2026-11-21T11:00:00Z', end_reason: reason }
    assert.deepEqual(stateOf(ended, { nowMs: NOW, isOld: false }), {
      is: 'ended',
      at: '2026-11-21T11:00:00Z',
      reason: reasons[reason],
    })
  }
})

test('a reason that this console does not know yet is shown as it came', () => {
  const ended = { ...session, ended_at: '2026-11-21T11:00:00Z', end_reason: 'moved_away' as Reason }
  const state = stateOf(ended, { nowMs: NOW, isOld: false })
  assert.equal(state.is === 'ended' && state.reason, 'moved_away')
})

test('in an outage a live session is not known to be live, but an ended one stays ended', () => {
  assert.equal(stateOf(session, { nowMs: NOW, isOld: true }).is, 'unknown')
  const ended = { ...session, ended_at: '2026-11-21T11:00:00Z', end_reason: 'revoked' as const }
  assert.equal(stateOf(ended, { nowMs: NOW, isOld: true }).is, 'ended')
})

test('a session past its longest life is over, whoever has written that down yet', () => {
  const state = stateOf({ ...session, expires_at: '2026-11-21T11:59:59Z' }, { nowMs: NOW, isOld: true })
  assert.equal(state.is === 'ended' && state.reason, reasons.expired)
})
