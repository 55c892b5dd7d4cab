import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DeadlineExceeded } from '../deadline.ts'
import { judgeAbsence } from './hang-class.ts'
import { DatabaseOutage, isDeclined, isOutage, sqlStateOf, wasAnswered } from './outage.ts'

const failing = (code: string, message = 'said the other side') => Object.assign(new Error(message), { code })

const cases: [name: string, error: unknown, is: { outage: boolean; answered: boolean; declined: boolean }][] = [
  ['a unique violation', failing('23505'), { outage: false, answered: true, declined: false }],
  ['a syntax error', failing('42601'), { outage: false, answered: true, declined: false }],
  ['a full disk', failing('53100'), { outage: true, answered: true, declined: false }],
  ['too many connections', failing('53300'), { outage: true, answered: true, declined: false }],
  ['a demoted primary', failing('25006'), { outage: true, answered: true, declined: false }],
  ['a server that starts', failing('57P03'), { outage: true, answered: true, declined: false }],
  ['a wrong password', failing('28P01'), { outage: true, answered: true, declined: false }],
  ['a lock that was not to be had', failing('55P03'), { outage: true, answered: true, declined: true }],
  ['a statement timeout', failing('57014'), { outage: true, answered: true, declined: true }],
  ['a deadlock', failing('40P01'), { outage: true, answered: true, declined: true }],
  ['our own fence', failing('HF001'), { outage: true, answered: true, declined: true }],
  ['a session ended from outside', failing('57P01'), { outage: true, answered: false, declined: false }],
  ['a crash of the server', failing('57P02'), { outage: true, answered: false, declined: false }],
  ['a connection that broke', failing('08006'), { outage: true, answered: false, declined: false }],
  ['a refused connection', failing('ECONNREFUSED'), { outage: true, answered: false, declined: false }],
  ['a reset connection', failing('ECONNRESET'), { outage: true, answered: false, declined: false }],
  [
    'a closed pipe, whose code has five characters',
    failing('EPIPE'),
    { outage: true, answered: false, declined: false },
  ],
  ['a file that may not be read', failing('EPERM'), { outage: false, answered: false, declined: false }],
  ['a name that is not found', failing('ENOTFOUND'), { outage: true, answered: false, declined: false }],
  ['our own deadline', new DeadlineExceeded('it', 1), { outage: true, answered: false, declined: false }],
  [
    'a host with two addresses',
    new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')]),
    { outage: true, answered: false, declined: false },
  ],
  [
    'a connection that pg gave up',
    new Error('Connection terminated unexpectedly'),
    { outage: true, answered: false, declined: false },
  ],
  ['a bug of ours', new TypeError('x is not a function'), { outage: false, answered: false, declined: false }],
  ['nothing at all', undefined, { outage: false, answered: false, declined: false }],
]

for (const [name, error, is] of cases) {
  test(`${name} ${is.outage ? 'is an outage' : 'is no outage'}${is.answered ? ', and an answer' : ''}`, () => {
    assert.deepEqual({ outage: isOutage(error), answered: wasAnswered(error), declined: isDeclined(error) }, is)
  })
}

test('an SQLSTATE is told from an error number of the system', () => {
  assert.equal(sqlStateOf(failing('23505')), '23505')
  assert.equal(sqlStateOf(failing('HF001')), 'HF001')
  assert.equal(sqlStateOf(failing('EPIPE')), undefined)
  assert.equal(sqlStateOf(failing('ECONNREFUSED')), undefined)
})

test('what hangs is named by what still answers', () => {
  const hung = new DeadlineExceeded('it', 1)
  const detail = (seen: { step: 'connect' | 'commit'; acceptsTcp: boolean; arePooledFine: boolean }) =>
    judgeAbsence({ error: hung, ...seen }).detail
  assert.match(detail({ step: 'connect', acceptsTcp: true, arePooledFine: false }), /the whole server hangs/)
  assert.match(detail({ step: 'connect', acceptsTcp: true, arePooledFine: true }), /the postmaster/)
  assert.match(detail({ step: 'connect', acceptsTcp: false, arePooledFine: false }), /the machine or the network/)
  assert.match(
    detail({ step: 'commit', acceptsTcp: true, arePooledFine: true }),
    /commits hang: storage, a lock, or a synchronous replica/,
  )
})

test('who answers that it cannot is failing; who does not answer is unknown', () => {
  const seen = { step: 'connect', acceptsTcp: true, arePooledFine: false } as const
  const state = (error: unknown) => judgeAbsence({ ...seen, error }).state
  assert.equal(state(failing('57P03')), 'failing')
  assert.equal(state(new DatabaseOutage('failed', 'no connection', failing('ECONNREFUSED'))), 'failing')
  assert.equal(state(new DatabaseOutage('failed', 'no connection', new DeadlineExceeded('it', 1))), 'unknown')
  assert.equal(state(failing('ETIMEDOUT')), 'unknown')
  assert.equal(
    judgeAbsence({ ...seen, error: new DatabaseOutage('failed', 'the database bears no stamp') }).detail,
    'the database bears no stamp',
  )
})
