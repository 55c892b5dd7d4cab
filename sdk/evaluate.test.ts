import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  checkDefinition,
  compileFlags,
  DefinitionFault,
  type Evaluation,
  evaluate,
  evaluateAs,
  evaluateKey,
  type FlagContext,
} from './evaluate.ts'

const NOW_MS = Date.parse('2026-11-21T12:00:00Z')
const onOff = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' }
const ofFlag = (flag: object, more: object = {}) => compileFlags({ flags: { f: { ...onOff, ...flag } }, ...more })
const ask = (flag: object, context?: FlagContext, more: object = {}): Evaluation =>
  evaluateKey(ofFlag(flag, more), 'f', context, NOW_MS)
/** What a rule comes to, told by the variant that it chooses. */
const isSo = (rule: unknown, context?: FlagContext) => {
  const { variant, errorCode } = ask({ targeting: { if: [rule, 'on', 'off'] } }, context)
  return errorCode ?? variant === 'on'
}
const says = (rule: unknown, expected: unknown, context?: FlagContext) => isSo({ '===': [rule, expected] }, context)

test('an answer comes in the order of flagd: missing, disabled, unusable, without a rule, by the rule, by default', () => {
  const rows: [Evaluation, string][] = [
    [evaluateKey(ofFlag({}), 'other', {}, NOW_MS), 'FLAG_NOT_FOUND'],
    [ask({ state: 'DISABLED', targeting: { nope: 1 } }), 'DISABLED'],
    [ask({ targeting: { nope: 1 } }), 'PARSE_ERROR'],
    [ask({}), 'STATIC off'],
    [ask({ targeting: {} }), 'STATIC off'],
    [ask({ targeting: null }), 'STATIC off'],
    [ask({ targeting: { var: 'x' } }, { x: 'on' }), 'TARGETING_MATCH on'],
    [ask({ targeting: { var: 'x' } }), 'DEFAULT off'],
    [ask({ targeting: { var: 'x' } }, { x: 'none' }), 'GENERAL'],
    [ask({ targeting: { '+': [{ var: 'x' }, 1] } }, { x: 'one' }), 'GENERAL'],
    [ask({ defaultVariant: null }), 'DEFAULT'],
    [ask({ defaultVariant: undefined }), 'DEFAULT'],
    [ask({ defaultVariant: null, targeting: { var: 'x' } }), 'DEFAULT'],
    [ask({ defaultVariant: null, targeting: { var: 'x' } }, { x: 'on' }), 'TARGETING_MATCH on'],
  ]
  for (const [answer, expected] of rows) {
    const { errorCode, reason, variant } = answer
    assert.equal(errorCode ?? [reason, variant].filter(Boolean).join(' '), expected)
    assert.equal(answer.reason === 'ERROR', errorCode !== undefined)
    assert.equal(answer.errorMessage === undefined, errorCode === undefined)
    assert.equal(answer.value === undefined, variant === undefined, 'without a variant the default of the code counts')
  }
})

test('a rule may say true or 1, and means the variants of these names', () => {
  const variants = { true: 'yes', false: 'no', '1': 'one' }
  for (const [said, value] of [
    [true, 'yes'],
    [false, 'no'],
    [1, 'one'],
  ] as const)
    assert.equal(ask({ variants, defaultVariant: null, targeting: { var: 'x' } }, { x: said }).value, value)
})

test('a value of another type than was asked for is none, and metadata of flag and set are one', () => {
  const kinds = { boolean: true, string: 'text', number: 4.5, object: { a: [1] } }
  for (const [kind, value] of Object.entries(kinds)) {
    const flags = ofFlag(
      { variants: { on: value, off: value }, metadata: { owner: 'b' } },
      { metadata: { owner: 'a', set: 1 } },
    )
    for (const type of ['boolean', 'string', 'number', 'object'] as const) {
      const answer = evaluateAs(flags, { key: 'f', type, nowMs: NOW_MS })
      assert.deepEqual(answer.value, type === kind ? value : undefined)
      assert.equal(answer.errorCode, type === kind ? undefined : 'TYPE_MISMATCH')
      assert.deepEqual(answer.flagMetadata, { owner: 'b', set: 1 })
    }
    assert.deepEqual(evaluateKey(flags, 'gone', {}, NOW_MS).flagMetadata, { owner: 'a', set: 1 })
  }
})

test('each operator says what its line in docs/flags.md says', () => {
  const page = readFileSync(new URL('../docs/flags.md', import.meta.url), 'utf8')
  const context = JSON.parse(page.match(/```json context\n([\s\S]*?)```/)![1]!) as FlagContext
  const rows = [...page.matchAll(/^\| `[^`]+` \| .* \| `(.+?)` → `(.+?)` \|$/gm)]
  for (const [, rule, expected] of rows) {
    const merged = { '===': [{ cat: [{ merge: [JSON.parse(rule!)] }] }, { cat: [{ merge: [JSON.parse(expected!)] }] }] }
    assert.equal(isSo(merged, context), true, `${rule} → ${expected}`)
  }
  const explained = new Set(rows.flatMap(([, rule]) => Object.keys(JSON.parse(rule!) as object)))
  const schema = 'var missing missing_some if == === != !== > >= < <= ! !! or and + - * / % min max merge cat substr'
  const more = 'map filter reduce all none some in fractional sem_ver starts_with ends_with'
  assert.deepEqual(
    `${schema} ${more}`.split(' ').filter((operator) => !explained.has(operator)),
    [],
  )
})

test('what a prototype brings is not there: not in a context, not in a variant, not in a flag', () => {
  for (const path of [
    '__proto__',
    'constructor',
    'constructor.name',
    'toString',
    'a.constructor',
    'a.__proto__.b',
    'hasOwnProperty',
  ])
    assert.equal(says({ var: path }, null, { a: {} }), true, path)
  for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) {
    assert.equal(ask({ targeting: { var: 'x' } }, { x: name }).errorCode, 'GENERAL', name)
    assert.equal(ask({ targeting: { [name === '__proto__' ? 'proto' : name]: [1] } }).errorCode, 'PARSE_ERROR', name)
    assert.equal(ask({ targeting: { $ref: name } }).errorCode, 'PARSE_ERROR', name)
    assert.equal(evaluateKey(ofFlag({}), name, {}, NOW_MS).errorCode, 'FLAG_NOT_FOUND', name)
    assert.equal(says({ missing: [name] }, null, {}), false)
  }
  const text =
    '{"flags":{"__proto__":{"state":"ENABLED","variants":{"__proto__":{"polluted":1}},"defaultVariant":"__proto__","metadata":{"__proto__":1}}}}'
  const flags = compileFlags(JSON.parse(text))
  assert.deepEqual(evaluateKey(flags, '__proto__', JSON.parse('{"__proto__":{"admin":true}}'), NOW_MS).value, {
    polluted: 1,
  })
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  assert.equal(isSo({ var: 'admin' }, JSON.parse('{"__proto__":{"admin":true}}')), false)
  assert.equal(
    isSo({ var: '__proto__.admin' }, JSON.parse('{"__proto__":{"admin":true}}')),
    true,
    'what the caller wrote is there',
  )
})

test('nobody can forge what flagd adds to a context', () => {
  const forged = { $flagd: { flagKey: 'other', timestamp: 1 } }
  assert.equal(says({ var: '$flagd.flagKey' }, 'f', forged), true)
  assert.equal(says({ var: '$flagd.timestamp' }, NOW_MS / 1000, forged), true)
  assert.equal(says({ var: { cat: ['$flagd', '.timestamp'] } }, NOW_MS / 1000, forged), true)
  assert.equal(says({ var: '$flagd.other' }, null, forged), true)
  assert.equal(isSo({ in: ['f', { map: [[{ var: '' }], { var: '$flagd.flagKey' }] }] }, forged), true)
})

test('the order of numbers and of texts, and what has no order', () => {
  assert.equal(
    isSo({ '<': ['2026-01-09', { var: 'day' }, '2026-02-01'] }, { day: '2026-01-10' }),
    true,
    'dates are texts',
  )
  assert.equal(isSo({ '<': [{ var: 'n' }, 10] }, { n: '9' }), true)
  assert.equal(isSo({ '<': [{ var: 'n' }, '10'] }, { n: '9' }), false, 'two texts')
  for (const n of [Number.NaN, 'nine', {}, [1], undefined])
    assert.equal(isSo({ '<': [{ var: 'n' }, 10] }, { n }), n === undefined ? true : 'GENERAL')
  assert.equal(isSo({ '>': [{ var: 'n' }, 1e308] }, { n: Number.POSITIVE_INFINITY }), true)
  assert.equal(
    isSo({ '==': [{ var: 'n' }, JSON.parse('9007199254740993')] }, { n: 9007199254740992 }),
    true,
    'as exact as JSON numbers are',
  )
  assert.equal(isSo({ '>': [{ var: 'n' }, 1] }, { n: 5n as unknown as number }), true)
  assert.equal(isSo({ '!': [{ var: 'day' }] }, { day: new Date(0) as unknown as string }), false, 'a date is something')
})

test('whatever a context holds, an answer comes and nothing is thrown', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  const odd = [
    cycle,
    Object.create(null),
    () => 1,
    Symbol('x'),
    new Map([['a', 1]]),
    '\ud800',
    -0,
    1n,
    new Proxy(
      {},
      {
        get() {
          throw new Error('no')
        },
      },
    ),
  ]
  const rules = [
    { '==': [{ var: 'x' }, 1] },
    { '+': [{ var: 'x' }, 1] },
    { cat: [{ var: 'x' }, 'a'] },
    { in: ['a', { var: 'x' }] },
    { in: [{ var: 'x' }, ['a', 'b']] },
    { map: [{ var: 'x' }, { var: '' }] },
    { '!': [{ var: 'x' }] },
    { var: 'x.a.b' },
    { var: { var: 'x' } },
    { merge: [{ var: 'x' }, 1] },
    { max: [{ var: 'x' }] },
    { substr: [{ var: 'x' }, 1] },
    { sem_ver: [{ var: 'x' }, '=', '1.0.0'] },
    { starts_with: [{ var: 'x' }, 'a'] },
    { missing: ['x.a'] },
    { reduce: [{ var: 'x' }, { var: 'current' }, 0] },
    { fractional: [{ var: 'x' }, ['on', 1], ['off', 1]] },
    { fractional: [['on', { var: 'x' }]] },
    { var: 'x' },
  ]
  for (const x of odd)
    for (const rule of rules) assert.ok(ask({ targeting: rule }, { x, targetingKey: x } as FlagContext).reason)
})

test('a rule may be so deep and no deeper, and what goes in circles is cut', () => {
  const nested = (depth: number): unknown => (depth === 0 ? { var: 'x' } : { '!': [nested(depth - 1)] })
  assert.equal(ask({ targeting: { if: [nested(90), 'on'] } }).errorCode, undefined)
  assert.match(ask({ targeting: nested(5_000) }).errorMessage!, /less deep/)
  const circle: unknown[] = []
  circle.push(circle)
  assert.equal(ask({ targeting: { if: [circle] } }).errorCode, 'PARSE_ERROR')
  const $evaluators = { a: { '!': [{ $ref: 'b' }] }, b: { '!': [{ $ref: 'a' }] } }
  assert.match(ask({ targeting: { $ref: 'a' } }, {}, { $evaluators }).errorMessage!, /Break the circle: a → b → a/)
})

test('a shared rule that doubles itself is refused before it fills the memory', () => {
  const rules = Array.from({ length: 40 }, (_, i) => [
    `r${i}`,
    i === 0 ? { var: 'x' } : { and: [{ $ref: `r${i - 1}` }, { $ref: `r${i - 1}` }] },
  ])
  const answer = ask({ targeting: { $ref: 'r39' } }, {}, { $evaluators: Object.fromEntries(rules) })
  assert.match(answer.errorMessage!, /smaller/)
})

test('shared rules that are written out in every flag are too much for all of them together', () => {
  const wide = { in: [{ var: 'x' }, Array.from({ length: 90_000 }, (_, index) => index)] }
  const flag = { ...onOff, targeting: { if: [{ $ref: 'wide' }, 'on'] } }
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`f${index}`, flag]))
  const flags = compileFlags({ flags: many, $evaluators: { wide } })
  assert.equal(evaluateKey(flags, 'f0', { x: 1 }, NOW_MS).variant, 'on')
  assert.match(evaluateKey(flags, 'f1999', { x: 1 }, NOW_MS).errorMessage!, /all flags together/)
  assert.ok(checkDefinition({ flags: many, $evaluators: { wide } }).isCut)
})

test('a megabyte of ids is compiled and searched; a rule that goes through too much ends', () => {
  const ids = Array.from({ length: 50_000 }, (_, i) => `usr_${String(i).padStart(16, '0')}`)
  const flags = ofFlag({ targeting: { if: [{ in: [{ var: 'id' }, ids] }, 'on'] } })
  assert.equal(evaluateKey(flags, 'f', { id: ids[49_999] }, NOW_MS).variant, 'on')
  assert.equal(evaluateKey(flags, 'f', { id: 'usr_x' }, NOW_MS).variant, 'off')
  const list = Array.from({ length: 2_000 }, (_, i) => i)
  const squares = { some: [{ var: 'list' }, { some: [list, { '==': [{ var: '' }, -1] }] }] }
  assert.match(ask({ targeting: { if: [squares, 'on'] } }, { list }).errorMessage!, /more elements/)
  const doubling = { reduce: [{ var: 'list' }, { merge: [{ var: 'accumulator' }, { var: 'accumulator' }] }, [1]] }
  assert.equal(ask({ targeting: { if: [doubling, 'on'] } }, { list }).errorCode, 'GENERAL')
  const never = { map: [list, { reduce: [list, { '+': [{ var: 'current' }, { var: 'accumulator' }] }, 0] }] }
  assert.equal(ask({ targeting: { if: [never, 'on'] } }).errorCode, 'PARSE_ERROR', 'also while it is compiled')
})

test('one answer is one object: who writes into it changes nothing for the next', () => {
  const flags = ofFlag({ variants: { on: { list: [1], deep: { a: 1 } }, off: {} }, defaultVariant: 'on' })
  const answer = evaluateKey(flags, 'f', {}, NOW_MS)
  const value = answer.value as { list: number[]; deep: { a: number } }
  assert.throws(() => value.list.push(2), TypeError)
  assert.throws(() => (value.deep.a = 2), TypeError)
  assert.throws(() => ((answer as { variant: string }).variant = 'off'), TypeError)
  assert.equal(evaluateKey(flags, 'f', {}, NOW_MS), answer)
})

test('what a definition was is not changed by compiling it', () => {
  const variants = { on: { list: [1] }, off: {} }
  ofFlag({ variants })
  variants.on.list.push(2)
  assert.deepEqual(variants.on.list, [1, 2])
})

test('a flag tells whether its answer depends on the time, on the context, or on nothing', () => {
  const of = (targeting: unknown, more: object = {}) => ofFlag({ targeting, ...more }).flags.get('f')!
  assert.equal(of(undefined).isStatic, true)
  assert.equal(of({ if: [{ '<': [1, 2] }, 'on'] }).isStatic, true)
  assert.equal(of({ var: 'plan' }, { state: 'DISABLED' }).isStatic, true)
  assert.equal(of({ if: [{ '<': [{ var: '$flagd.timestamp' }, 5] }, 'on'] }).usesTime, true)
  assert.equal(of({ var: '' }).usesTime, true)
  assert.equal(of({ var: { var: 'name' } }).readsAnything, true)
  const plain = of({
    if: [
      { in: [{ var: 'user.plan' }, { map: [{ var: 'plans' }, { var: 'name' }] }] },
      { fractional: [['on'], ['off']] },
    ],
  })
  assert.deepEqual(
    [plain.reads, plain.readsAnything, plain.usesTime],
    [['user', 'plans', 'targetingKey'], false, false],
  )
  assert.equal(
    of({ fractional: [{ var: '$flagd.flagKey' }, ['on', { '-': [{ var: '$flagd.timestamp' }, 5] }]] }).usesTime,
    true,
  )
  assert.equal(ofFlag({ targeting: { var: '$flagd.timestamp' } }).usesTime, true)
})

test('a share may grow with the time', () => {
  const start = NOW_MS / 1000
  const growing = {
    fractional: [
      ['on', { '-': [{ var: '$flagd.timestamp' }, start] }],
      ['off', { '-': [start + 100, { var: '$flagd.timestamp' }] }],
    ],
  }
  const flag = ofFlag({ targeting: growing }).flags.get('f')!
  const shareAt = (seconds: number) =>
    Array.from({ length: 200 }, (_, id) => evaluate(flag, { targetingKey: `u${id}` }, (start + seconds) * 1000)).filter(
      ({ variant }) => variant === 'on',
    ).length
  assert.equal(shareAt(-50), 0)
  assert.ok(shareAt(20) < shareAt(60))
  assert.equal(shareAt(150), 200)
})

test('a version that is none is neither older nor newer', () => {
  const rows: [unknown, string, unknown, unknown][] = [
    ['1.2.3', '=', '1.2.3', true],
    ['1.2.3', '!=', '1.2.4', true],
    ['1.10.0', '>', '1.9.0', true],
    ['1.0.0-rc.2', '<', '1.0.0', true],
    ['1.0.0-rc.2', '<', '1.0.0-rc.10', true],
    ['1.0.0-1', '<', '1.0.0-a', true],
    ['1.0.0+a', '=', '1.0.0+b', true],
    ['v1.0.0', '=', 'V1.0.0', true],
    ['1', '=', '1.0.0', true],
    ['1.2', '=', '1.2.0', true],
    [1, '^', '1.9.9', true],
    ['1.3.0', '~', '1.3.9', true],
    ['1.4.0', '~', '1.3.9', false],
    ['1.2.3.4', '=', '1.2.3', null],
    ['01.0.0', '=', '1.0.0', null],
    ['x', '=', '1.0.0', null],
    [null, '=', '1.0.0', null],
    ['1.0.0', '===', '1.0.0', null],
    ['99999999999999999999.0.0', '>', '1.0.0', null],
    [`1.0.0-${'a'.repeat(300)}`, '<', '1.0.0', null],
  ]
  for (const [left, sign, right, expected] of rows)
    assert.equal(
      says({ sem_ver: [{ var: 'v' }, sign, right] }, expected, { v: left }),
      true,
      `${left} ${sign} ${right}`,
    )
  assert.equal(says({ sem_ver: ['1.0.0', '='] }, null), true)
})

test('weights that cannot be deal nobody out', () => {
  const user = { targetingKey: 'u1' }
  const dealt = (...entries: unknown[]) => ask({ targeting: { fractional: entries } }, user).variant
  assert.equal(dealt(['on', -5], ['off', 0], ['on', 1]), 'on')
  assert.equal(
    ask(
      {
        targeting: {
          fractional: [
            ['on', 0],
            ['on', 0],
          ],
        },
      },
      user,
    ).reason,
    'DEFAULT',
  )
  for (const weight of [1.5, '50', null, Number.NaN, 2_147_483_648])
    assert.equal(ask({ targeting: { fractional: [['on', weight]] } }, user).reason, 'DEFAULT', String(weight))
  assert.equal(dealt(['on', 2_147_483_647]), 'on')
  assert.equal(
    ask(
      {
        targeting: {
          fractional: [
            ['on', 2_147_483_647],
            ['on', 1],
          ],
        },
      },
      user,
    ).reason,
    'DEFAULT',
  )
  assert.equal(dealt([['on'], 1]), 'off')
})

test('one broken flag breaks itself alone, and only what is no definition at all is thrown', () => {
  const broken = {
    a: 1,
    b: { ...onOff, state: 'ON' },
    c: { state: 'ENABLED' },
    d: { ...onOff, defaultVariant: 'x' },
    e: { ...onOff, targeting: { nope: 1 } },
    f: { ...onOff, variants: null },
    g: null,
    h: [],
  }
  const flags = compileFlags({ flags: { ...broken, good: onOff } })
  assert.equal(evaluateKey(flags, 'good', {}, NOW_MS).value, false)
  assert.deepEqual(
    flags.faults.map(({ key, code }) => `${key} ${code}`),
    [
      'a not_a_flag',
      'b bad_state',
      'c bad_variants',
      'd unknown_default_variant',
      'e unknown_operator',
      'f bad_variants',
      'g not_a_flag',
      'h not_a_flag',
    ],
  )
  for (const key of Object.keys(broken)) assert.equal(evaluateKey(flags, key, {}, NOW_MS).errorCode, 'PARSE_ERROR', key)
  for (const nothing of [null, [], 'x', {}, { flags: 1 }, { flags: [{ state: 'ENABLED' }] }])
    assert.throws(() => compileFlags(nothing), DefinitionFault)
})

test('the evaluator runs in a browser: it imports nothing but itself, and makes no code of text', async () => {
  const { readFile } = await import('node:fs/promises')
  const files = new Set([new URL('evaluate.ts', import.meta.url).href])
  for (const file of files) {
    const text = await readFile(new URL(file), 'utf8')
    assert.doesNotMatch(text, /\beval\(|new Function\b|\bBuffer\b|\bprocess\./, file)
    for (const [statement, from] of text.matchAll(/^(?:im|ex)port [^';()]*? from '([^']+)'/gm)) {
      if (statement.startsWith('import type')) continue
      assert.match(from!, /^\.\.?\//, file)
      files.add(new URL(from!, file).href)
    }
  }
  assert.ok(files.size > 20)
})
