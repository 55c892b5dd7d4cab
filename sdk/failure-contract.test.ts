/** What a flag answers when it is not known whether its answer still holds: each contract in each outage. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answering, contractsOf, FlagAnswers } from './flags/client/flag-answers.ts'
import { FlagRefused, type FlagSource } from './flags/client/flag-details.ts'
import { compileFlags } from './flags/compile-flags.ts'
import { contractProblem, failureContractOf } from './flags/failure-contract.ts'
import { off, on } from './testing/flags-double.ts'
import { openApp } from './testing/open-app.ts'
import { until } from './testing/until.ts'

const BROKEN = { ...on(), targeting: { nonsense: [1] } }
const contracts = {
  'last-known': {},
  value: { 'holdfast.on_unknown': 'value', 'holdfast.value': false },
  refuse: { 'holdfast.on_unknown': 'refuse' },
} as const

/** A client that holds one flag, on for everybody, in some state of knowledge. */
function answersIn(
  outage: { ageMs: number | null; isStale: boolean; source?: FlagSource; flag?: object },
  metadata: Record<string, string | number | boolean>,
) {
  const counted: string[] = []
  const answers = new FlagAnswers({ context: undefined, now: () => 0, onFallback: (key) => counted.push(key) })
  const set = compileFlags({ flags: { 'the-flag': { ...on(), ...outage.flag, metadata } } })
  const answering: Answering = {
    ...{ set, contracts: contractsOf(set), seq: 'e1.s7', source: outage.source ?? 'live' },
    confirmation: { ageMs: () => outage.ageMs },
  }
  answers.answerFrom(answering)
  answers.isStale = outage.isStale
  return { answers, counted }
}

const known = { ageMs: 500, isStale: false }
const outages = {
  'access is away for an hour': { ageMs: 3_600_000, isStale: true },
  'the process started with access dead': { ageMs: 60_000, isStale: true, source: 'disk' as const },
  'the clock went backwards': { ageMs: null, isStale: true, source: 'disk' as const },
  'a wipe was refused': { ageMs: 500, isStale: true },
}
const promises = { 'last-known': 'answers on', value: 'answers its value', refuse: 'throws FlagRefused' }

for (const [contract, metadata] of Object.entries(contracts) as [keyof typeof contracts, object][]) {
  test(`${contract}: while everything is well the flag answers`, () => {
    const { answers, counted } = answersIn(known, { ...metadata })
    const { value, source } = answers.details('the-flag', 'boolean', false)
    assert.deepEqual([value, source, counted], [true, 'live', []])
  })

  for (const [outage, state] of Object.entries(outages)) {
    test(`${contract}: when ${outage} it ${promises[contract]}`, () => {
      const { answers, counted } = answersIn(state, { ...metadata })
      if (contract === 'refuse') {
        assert.throws(
          () => answers.details('the-flag', 'boolean', false),
          (error: FlagRefused) =>
            error instanceof FlagRefused &&
            error.code === 'flags.refused' &&
            error.key === 'the-flag' &&
            error.seq === 'e1.s7' &&
            error.ageMs === state.ageMs,
        )
        assert.deepEqual(counted, ['the-flag'])
        return
      }
      const { value, source, reason, seq } = answers.details('the-flag', 'boolean', true)
      const expected = contract === 'value' ? [false, 'fallback', 'STALE'] : [true, answers.answering!.source, 'STATIC']
      assert.deepEqual([value, source, reason, seq], [...expected, 'e1.s7'])
      assert.deepEqual(counted, contract === 'value' ? ['the-flag'] : [])
    })

    test(`${contract}: with a maximal age that is not reached, ${outage} changes ${state.ageMs === null ? 'it all the same' : 'nothing'}`, () => {
      const { answers } = answersIn(state, { ...metadata, 'holdfast.max_age': 7200 })
      const isUnknown = state.ageMs === null && contract !== 'last-known'
      const ask = () => answers.details('the-flag', 'boolean', true)
      if (isUnknown && contract === 'refuse') assert.throws(ask, FlagRefused)
      else assert.equal(ask().source, isUnknown ? 'fallback' : answers.answering!.source)
    })
  }

  test(`${contract}: a flag that cannot be used ${contract === 'last-known' ? 'gives the fallback' : promises[contract]}`, () => {
    const { answers, counted } = answersIn({ ...known, flag: BROKEN }, { ...metadata })
    const ask = () => answers.details('the-flag', 'boolean', true)
    if (contract === 'refuse') assert.throws(ask, FlagRefused)
    else assert.deepEqual([ask().value, ask().errorCode], [contract === 'last-known', 'PARSE_ERROR'])
    assert.ok(counted.length > 0)
  })
}

test('a flag that may be a minute old is unknown after that, though the client is not stale', () => {
  const metadata = { 'holdfast.on_unknown': 'refuse', 'holdfast.max_age': 5 }
  assert.throws(() =>
    answersIn({ ageMs: 5001, isStale: false }, metadata).answers.details('the-flag', 'boolean', false),
  )
  assert.equal(
    answersIn({ ageMs: 5000, isStale: false }, metadata).answers.details('the-flag', 'boolean', false).value,
    true,
  )
})

test('a switched-off flag is known to be off, and its contract has no say', () => {
  const { answers, counted } = answersIn({ ...known, flag: { state: 'DISABLED' } }, contracts.refuse)
  const { value, reason, source } = answers.details('the-flag', 'boolean', false)
  assert.deepEqual([value, reason, source, counted], [false, 'DISABLED', 'live', []])
})

test('the value of a contract is of the type that is asked for, an object in JSON, or the fallback counts', () => {
  const answerOf = (value: string | number | boolean, fallback: string | number | boolean | object) => {
    const { answers } = answersIn(outages['a wipe was refused'], { ...contracts.value, 'holdfast.value': value })
    return answers.details('the-flag', typeof fallback as never, fallback).value
  }
  assert.equal(answerOf('grey', 'blue'), 'grey')
  assert.equal(answerOf(10, 20), 10)
  assert.deepEqual(answerOf('{"most":1}', { most: 3 }), { most: 1 })
  assert.deepEqual(answerOf('[1]', { most: 3 }), { most: 3 })
  assert.equal(answerOf('grey', true), true)
})

test('the contract of a set is that of its flags, and a flag may say otherwise', () => {
  const set = compileFlags({
    flags: { strict: on(), soft: on({ 'holdfast.on_unknown': 'last-known' }) },
    metadata: contracts.refuse,
  })
  assert.deepEqual([...contractsOf(set).keys()], ['strict'])
})

test('a contract that cannot be meant is the last known answer, and says what to write, and where', () => {
  const bad: [Record<string, string | number>, string][] = [
    [{ 'holdfast.on_unknown': 'vale' }, 'holdfast.on_unknown'],
    [{ 'holdfast.on_unknown': 'value' }, 'holdfast.value'],
    [{ 'holdfast.on_unknown': 'refuse', 'holdfast.max_age': -1 }, 'holdfast.max_age'],
    [{ 'holdfast.on_unknown': 'refuse', 'holdfast.max_age': '60' }, 'holdfast.max_age'],
  ]
  for (const [metadata, name] of bad) {
    assert.equal(failureContractOf(metadata).onUnknown, 'last-known')
    const problem = contractProblem(metadata)!
    assert.equal(problem.name, name)
    assert.match(problem.message, /^Write .*\.$/)
  }
  assert.equal(contractProblem({ 'holdfast.on_unknown': 'refuse', 'holdfast.max_age': 60 }), undefined)
})

test('delivered by access, a contract holds when access dies and when it comes back', async () => {
  await using app = await openApp()
  app.access.flags.publish({
    tax: on(contracts.refuse),
    banner: off({ ...contracts.value, 'holdfast.value': true }),
    view: on(),
  })
  const isFresh = () => !app.holdfast.flags.status().isStale
  await until('it is confirmed', isFresh)
  assert.deepEqual(
    ['tax', 'banner', 'view'].map((key) => app.holdfast.flags.boolean(key, false)),
    [true, false, true],
  )
  await app.access.stop()
  const { flags } = await app.restart()
  assert.throws(() => flags.boolean('tax', false), FlagRefused)
  assert.equal(flags.boolean('banner', false), true)
  assert.equal(flags.boolean('view', false), true)
  await app.access.start()
  await until('it is confirmed again', isFresh)
  assert.equal(flags.boolean('tax', false), true)
})
