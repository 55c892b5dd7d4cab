import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndList, SessionEnd, Verifiers } from '../../api/wire/sessions.ts'
import { sayAnswer, sayEnd, sayToCustomer } from './say-end.ts'

/** A moment of the reader's own zone, as it would be on the wire. */
const at = (time: string) => new Date(`${new Date().getFullYear()}-11-21T${time}:00`).toISOString()

const quiet: Verifiers = {
  window: { from: at('10:12'), to: at('11:12') },
  access: [{ process: 'access-1', verdicts: [], vanished: 0, database_away_ms: 0 }],
  applications: [],
  outages: [],
}
const away: Verifiers = {
  ...quiet,
  access: [
    {
      process: 'access-1',
      verdicts: [
        { verdict: 'valid', reason: null, source: 'database', count: 9000 },
        { verdict: 'unknown', reason: 'database_unavailable', source: null, count: 200 },
        { verdict: 'unknown', reason: 'overloaded', source: null, count: 14 },
      ],
      vanished: 0,
      database_away_ms: 780_000,
    },
  ],
  outages: [{ from: at('10:31'), to: at('10:44'), what: 'The database did not take notes.' }],
}
const ended: SessionEnd = {
  session_id: 'ses_1',
  user: { id: 'usr_1', email: 'elif@acme.test', name: 'Elif' },
  audience: 'app_notes',
  began_at: at('08:00'),
  last_seen_at: at('10:40'),
  ended_at: at('10:42'),
  reason: 'revoked',
  sentence: 'Ended by an administrator.',
  ended_by: { kind: 'staff', id: 'usr_2', label: 'Sam', device: null },
  device: { name: 'Firefox on Linux', address: '203.0.113.7' },
  idle_after_s: 14 * 86_400,
  is_usual: true,
  verifiers: quiet,
}
const live: SessionEnd = { ...ended, ended_at: null, reason: null, ended_by: null, verifiers: away }

test('an end is told in one sentence: when, by whom, from where, and why where that is not said already', () => {
  const holdfast = (label: string) => ({ kind: 'holdfast' as const, id: 'holdfast', label, device: null })
  const table: [end: Partial<SessionEnd>, said: string][] = [
    [{}, 'by an administrator (Sam) from the console.'],
    [
      { reason: 'blocked', ended_by: { ...ended.ended_by!, device: 'Chrome on macOS' } },
      'by an administrator (Sam) from the console in Chrome on macOS, because the account was blocked.',
    ],
    [
      {
        reason: 'signed_out_elsewhere',
        ended_by: { kind: 'person', id: 'usr_1', label: 'the person', device: 'Safari on iPhone' },
      },
      'by the person themselves, in Safari on iPhone: ended from another device.',
    ],
    [{ reason: 'idle', ended_by: holdfast('by itself: not used for 14 days') }, 'by itself: not used for 14 days.'],
    [{ reason: 'expired', ended_by: holdfast('by itself') }, 'by itself: it had reached its longest life.'],
    [
      { ended_by: { kind: 'token', id: 'tok_9', label: 'the machine token tok_9', device: null } },
      'by a program, with the token tok_9.',
    ],
    [
      { reason: 'moved_away' as never, sentence: 'Moved to another region.', ended_by: holdfast('by itself') },
      'by itself: Moved to another region.',
    ],
  ]
  for (const [change, said] of table)
    assert.equal(sayEnd({ ...ended, ...change }), `Ended on 21 November 10:42 ${said}`)
})

test('a session that has not ended is never told as a sign-out, but as what could not be seen, since when and why', () => {
  assert.equal(
    sayEnd(live),
    'This session has not ended; between 10:12 and 11:12 214 answers were unknown, because the database did not answer from 10:31 to 10:44.',
  )
  assert.equal(
    sayEnd({ ...live, verifiers: quiet }),
    'This session has not ended, and no answer between 10:12 and 11:12 was unknown.',
  )
})

test('a person is answered with their newest end, and with what of theirs goes on', () => {
  const list = (data: SessionEnd[], still_live: SessionEnd[]): EndList => ({
    data,
    still_live,
    episodes: [],
    next_cursor: null,
  })
  const asked = { user: 'usr_1' }
  assert.match(
    sayAnswer(list([ended], [live]), asked) ?? '',
    /^Ended on .*\(Sam\).* One other session has not ended\.$/,
  )
  assert.match(sayAnswer(list([], [live, live]), asked) ?? '', /^None of the 2 live sessions has ended; .* 214 answers/)
  assert.equal(sayAnswer(list([], []), asked), 'No session of this person ended that is still kept, and none is live.')
  assert.equal(sayAnswer(list([ended], []), {}), null)
  assert.equal(sayAnswer(list([], []), { at: at('10:00') }), 'No session ended around that time.')
})

test('what is copied for the customer names neither our people nor our machines', () => {
  const text = [sayToCustomer(ended), sayToCustomer(live)].join('\n')
  assert.doesNotMatch(text, /Sam|usr_|ses_|access-1|203\.0/)
  assert.match(text, /UTC/)
  assert.match(text, /Ended by an administrator\./)
  assert.match(text, /It has not ended: you were not signed out\. .* Your session was kept\./)
})
