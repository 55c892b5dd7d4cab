import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FlagdCore } from '@openfeature/flagd-core'
import fc from 'fast-check'
import { compileFlags, evaluateAs, type FlagContext } from '../evaluate.ts'
import { contexts, evaluators, flags, rules, setMetadata } from './testing/definitions.ts'
import { type Difference, differences, inFlagdsWords, type Outcome } from './testing/differences.ts'

/** Each run asks one flag three times. */
const RUNS = 3_000

interface Answer {
  value: unknown
  variant?: string
  reason: string
  errorCode?: string
  flagMetadata: unknown
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

function askFlagd(definition: unknown, context: FlagContext): Answer | 'refuses' {
  const core = new FlagdCore(undefined, quiet)
  try {
    core.setConfigurations(JSON.stringify(definition))
  } catch {
    return 'refuses'
  }
  return plain(core.resolveStringEvaluation('f', 'the default of the code', { ...context } as never, quiet))
}

function askHoldfast(definition: unknown, context: FlagContext): Answer {
  const flags = compileFlags(definition)
  const answer = evaluateAs(flags, { key: 'f', type: 'string', context, nowMs: Date.now() })
  return plain({ ...answer, value: answer.value ?? 'the default of the code' })
}

/** All but the words of a message, which are ours. */
function plain(answer: object): Answer {
  const { value, variant, reason, errorCode, flagMetadata } = answer as Answer
  return JSON.parse(JSON.stringify({ value, variant, reason, errorCode, flagMetadata })) as Answer
}

const outcomeOf = (answer: Answer | 'refuses'): Outcome =>
  answer === 'refuses' ? answer : (answer.variant ?? answer.errorCode ?? answer.reason)

function definitionOf({ definition, rule }: Difference) {
  const variants = { on: 'on!', off: 'off!' }
  return definition ?? { flags: { f: { state: 'ENABLED', variants, defaultVariant: 'off', targeting: rule } } }
}

for (const difference of differences) {
  test(`differs from flagd: ${difference.name}`, () => {
    const { context = {}, ours, theirs, rule, inFlagd } = difference
    const definition = definitionOf(difference)
    assert.equal(outcomeOf(askHoldfast(definition, context)), ours)
    assert.equal(outcomeOf(askFlagd(definition, context)), theirs)
    if (!inFlagd) return
    const said = definitionOf({ ...difference, rule: inFlagdsWords(rule) })
    assert.equal(outcomeOf(askFlagd(said, context)), ours, 'said in the words of flagd, it means the same there')
  })
}

const threeContexts = fc.array(contexts, { minLength: 3, maxLength: 3 })

test('otherwise every flag answers as in flagd: value, variant, reason, error code and metadata', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(flags, evaluators, setMetadata, threeContexts, (flag, shared, metadata, asked) => {
      const definition = copy({ flags: { f: flag }, $evaluators: shared, metadata })
      const inTheirWords = copy({
        flags: { f: { ...flag, targeting: inFlagdsWords(flag.targeting) } },
        $evaluators: inFlagdsWordsEach(shared),
        metadata,
      })
      for (const context of asked.map(copy)) {
        const ours = askHoldfast(definition, context)
        assert.deepEqual(ours, askFlagd(inTheirWords, context))
        const kind = ours.errorCode ?? ours.reason
        seen.set(kind, (seen.get(kind) ?? 0) + 1)
      }
    }),
    { numRuns: RUNS },
  )
  const rare = ['TARGETING_MATCH', 'DEFAULT', 'STATIC', 'DISABLED', 'GENERAL', 'PARSE_ERROR'].filter(
    (kind) => (seen.get(kind) ?? 0) < RUNS / 100,
  )
  assert.deepEqual(rare, [], 'every way to end was met')
})

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

function inFlagdsWordsEach(shared: Record<string, unknown>) {
  return Object.fromEntries(Object.entries(shared).map(([name, rule]) => [name, inFlagdsWords(rule)]))
}

test('more than half of the rules are put to flagd as they are', () => {
  const drawn = fc.sample(rules, { numRuns: 1_000, seed: 1 })
  const same = drawn.filter((rule) => JSON.stringify(inFlagdsWords(rule)) === JSON.stringify(rule)).length
  assert.ok(same > 500, `${same} of 1000`)
})
