import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileFlags, evaluateAs } from '../../sdk/evaluate.ts'
import { definitionOf, FLAGS, isOn, keyOf, ORGANIZATIONS, organizationOf } from './truth.ts'

const answersBy = (definition: unknown, flag: number, organization: number) =>
  evaluateAs(compileFlags(definition), {
    key: keyOf(flag),
    type: 'boolean',
    context: { organization: organizationOf(organization) },
    nowMs: 0,
  }).value

test('what the drill holds for right is what its flags say, and the older snapshot says the opposite of everything', () => {
  const [right, turned] = [definitionOf({ isTurned: false }), definitionOf({ isTurned: true })]
  assert.equal(Object.keys(right.flags).length, FLAGS)
  for (const flag of [0, 1, 7, 250, FLAGS - 1]) {
    const one = { flags: { [keyOf(flag)]: right.flags[keyOf(flag)] } }
    const other = { flags: { [keyOf(flag)]: turned.flags[keyOf(flag)] } }
    for (let organization = 0; organization < ORGANIZATIONS; organization++) {
      assert.equal(answersBy(one, flag, organization), isOn(flag, organization))
      assert.equal(answersBy(other, flag, organization), !isOn(flag, organization))
    }
  }
})

test('half of all answers are on, so that a default in the code is wrong about half of them', () => {
  let on = 0
  for (let flag = 0; flag < FLAGS; flag++)
    for (let organization = 0; organization < ORGANIZATIONS; organization++) on += isOn(flag, organization) ? 1 : 0
  assert.equal(on, (FLAGS * ORGANIZATIONS) / 2)
})
