import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CompiledFlags, compileFlags, evaluateKey } from '../evaluate.ts'

const flag = (targeting?: unknown, more: object = {}) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  ...(targeting === undefined ? {} : { targeting }),
  ...more,
})
const isPro = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on'] }
const answerOf = (flags: CompiledFlags, key: string, context = {}) => {
  const { variant, errorCode, reason } = evaluateKey(flags, key, context, 0)
  return variant ?? errorCode ?? reason
}
const parsed = (definition: object): unknown => JSON.parse(JSON.stringify(definition))

test('a flag that did not change is taken over as it is, whatever became of the others', () => {
  const before = compileFlags(parsed({ flags: { a: flag(isPro), b: flag(), c: flag() } }))
  assert.deepEqual(before.changed, ['a', 'b', 'c'])
  const after = compileFlags(
    parsed({ flags: { d: flag(), b: flag(undefined, { defaultVariant: 'on' }), a: flag(isPro) } }),
    { previous: before },
  )
  assert.equal(after.flags.get('a'), before.flags.get('a'))
  assert.notEqual(after.flags.get('b'), before.flags.get('b'))
  assert.deepEqual([after.changed, after.removed], [['d', 'b'], ['c']])
  assert.equal(answerOf(after, 'c'), 'FLAG_NOT_FOUND')
})

test('a shared rule that changed changes the flags that refer to it, by others too, and no more', () => {
  const flags = {
    near: flag({ if: [{ $ref: 'paying' }, 'on'] }),
    far: flag({ if: [{ $ref: 'through' }, 'on'] }),
    apart: flag(isPro),
  }
  const through = { '!!': [{ $ref: 'paying' }] }
  const before = compileFlags(parsed({ flags, $evaluators: { paying: { '==': [{ var: 'plan' }, 'pro'] }, through } }))
  const after = compileFlags(parsed({ flags, $evaluators: { paying: { '==': [{ var: 'plan' }, 'team'] }, through } }), {
    previous: before,
  })
  assert.deepEqual(after.changed, ['near', 'far'])
  for (const key of ['near', 'far']) assert.equal(answerOf(after, key, { plan: 'team' }), 'on')
})

test('metadata of the set reaches every answer when it changes, the hash among it', () => {
  const deal = flag({
    fractional: [
      ['on', 50],
      ['off', 50],
    ],
  })
  const before = compileFlags({ flags: { deal }, metadata: { version: '1', 'holdfast.hash': 'flagd-v3' } })
  const after = compileFlags({ flags: { deal }, metadata: { version: '2' } }, { previous: before })
  assert.deepEqual(evaluateKey(after, 'deal', {}, 0).flagMetadata, { version: '2' })
  const moved = Array.from({ length: 50 }, (_, id) => ({ targetingKey: `u${id}` })).filter(
    (context) => answerOf(before, 'deal', context) !== answerOf(after, 'deal', context),
  )
  assert.ok(moved.length > 0)
})

test('a flag that stops compiling goes on as before, says so, and takes its new form once it is mended', () => {
  const first = compileFlags({ flags: { f: flag(isPro) } })
  const broken = { flags: { f: flag({ nope: 1 }) } }
  const second = compileFlags(broken, { previous: first })
  assert.equal(answerOf(second, 'f', { plan: 'pro' }), 'on')
  assert.deepEqual(
    second.faults.map(({ key, code, isHeldOver }) => [key, code, isHeldOver]),
    [['f', 'unknown_operator', true]],
  )
  assert.deepEqual(second.changed, [])
  const third = compileFlags(broken, { previous: second })
  assert.equal(answerOf(third, 'f', { plan: 'pro' }), 'on', 'also over the next snapshot')
  const other = compileFlags({ flags: { f: { ...flag(), state: 'ON' } } }, { previous: third })
  assert.equal(answerOf(other, 'f', { plan: 'pro' }), 'on', 'and with another fault')
  const mended = compileFlags(
    { flags: { f: flag({ if: [{ '==': [{ var: 'plan' }, 'team'] }, 'on'] }) } },
    { previous: other },
  )
  assert.equal(answerOf(mended, 'f', { plan: 'pro' }), 'off')
  assert.deepEqual([mended.faults, mended.changed], [[], ['f']])
})

test('a flag is held over although what broke it lies in a shared rule', () => {
  const flags = { f: flag({ if: [{ $ref: 'paying' }, 'on'] }) }
  const first = compileFlags({ flags, $evaluators: { paying: { '==': [{ var: 'plan' }, 'pro'] } } })
  const second = compileFlags({ flags }, { previous: first })
  assert.deepEqual([answerOf(second, 'f', { plan: 'pro' }), second.faults[0]?.code], ['on', 'unknown_ref'])
})

test('a flag that never compiled has nothing to go on with', () => {
  const first = compileFlags({ flags: { f: flag({ nope: 1 }) } })
  const second = compileFlags({ flags: { f: flag({ nope: 2 }) } }, { previous: first })
  assert.equal(answerOf(second, 'f'), 'PARSE_ERROR')
  assert.equal(second.flags.get('f')?.isHeldOver, false)
})

test('a broken flag can still be switched off', () => {
  const first = compileFlags({ flags: { f: flag(isPro) } })
  const killed = compileFlags({ flags: { f: flag({ nope: 1 }, { state: 'DISABLED' }) } }, { previous: first })
  assert.equal(answerOf(killed, 'f', { plan: 'pro' }), 'DISABLED')
})

test('what is gone is gone: a set without flags has none', () => {
  const first = compileFlags({ flags: { f: flag(isPro) } })
  const none = compileFlags({ flags: {} }, { previous: first })
  assert.deepEqual([none.flags.size, none.removed], [0, ['f']])
})
