import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { openBudgets } from './index.ts'

const SECOND_MS = 1000

function rig() {
  let nowMs = 0
  const budgets = openBudgets({ monotonicMs: () => nowMs })
  const from = (block: string, isKnown: boolean, browser = randomBytes(32)) => {
    const held = budgets.hold({ browser, block, isKnown }, 'prv_1')
    held?.spend()
    return held !== undefined
  }
  const spend = (block: string, isKnown: boolean) => {
    let calls = 0
    while (from(block, isKnown)) calls++
    return calls
  }
  const wait = (ms: number) => {
    nowMs += ms
  }
  return { budgets, from, spend, wait }
}

test('a stranger with as many browsers as they like spends a tenth of the calls to a provider, and others go on', () => {
  const { from, spend, wait } = rig()
  assert.equal(spend('198.51.100.0/24', false), 60)
  assert.equal(from('203.0.113.0/24', false), true)
  assert.equal(from('198.51.100.0/24', true), true, 'whoever has signed in before is not their neighbour’s fault')
  wait(10 * SECOND_MS)
  assert.equal(from('198.51.100.0/24', false), true)
})

test('strangers of all networks together leave a quarter to browsers in which somebody has signed in', () => {
  const { from, spend } = rig()
  let calls = 0
  for (let block = 0; block < 100; block++) calls += spend(`198.51.${block}.0/24`, false)
  assert.equal(calls, 450)
  assert.equal(from('203.0.113.0/24', true), true)
  assert.equal(spend('192.0.2.0/24', true), 149, 'and what is left is for anybody who is known')
})

test('known browsers of one network spend half at most', () => {
  const { spend, from } = rig()
  assert.equal(spend('198.51.100.0/24', true), 300)
  assert.equal(from('203.0.113.0/24', true), true)
})

test('whether people are still there is asked with a thirtieth of the calls, which is part of all of them', () => {
  const { budgets, spend, wait } = rig()
  const ask = () => {
    let calls = 0
    while (budgets.spendAsk('prv_1')) calls++
    return calls
  }
  assert.equal(budgets.asksLeft('prv_1'), 20)
  assert.equal(ask(), 20)
  assert.equal(budgets.asksLeft('prv_2'), 20, 'each provider has its own')
  let calls = 0
  for (let block = 0; block < 100; block++) calls += spend(`198.51.${block}.0/24`, true)
  assert.equal(calls, 580)
  wait(10 * SECOND_MS)
  assert.equal(ask(), 20)
})

test('while many sign in nobody is asked about, and after a 429 for five minutes', () => {
  const { budgets, spend, wait } = rig()
  for (let block = 0; block < 100; block++) spend(`198.51.${block}.0/24`, false)
  assert.equal(budgets.asksLeft('prv_1'), 0)
  wait(10 * SECOND_MS)
  assert.equal(budgets.asksLeft('prv_1'), 20)
  budgets.restAsks('prv_1')
  wait(299 * SECOND_MS)
  assert.equal(budgets.spendAsk('prv_1'), false)
  assert.equal(budgets.asksLeft('prv_2'), 20)
  wait(SECOND_MS)
  assert.equal(budgets.spendAsk('prv_1'), true)
})

test('who asks nothing after all has spent nothing', () => {
  const { budgets, from } = rig()
  const browser = randomBytes(32)
  const caller = { browser, block: '198.51.100.0/24', isKnown: false }
  for (let turn = 0; turn < 1000; turn++) {
    using held = budgets.hold(caller, 'prv_1')
    assert.ok(held)
  }
  for (let turn = 0; turn < 20; turn++) assert.equal(from(caller.block, false, browser), true)
  assert.equal(from(caller.block, false, browser), false)
})
