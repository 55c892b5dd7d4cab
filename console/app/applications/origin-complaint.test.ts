import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaintsOf, originComplaint } from './origin-complaint.ts'

test('an origin as browsers send it is taken, http on this machine too', () => {
  for (const origin of [
    'https://app.acme.example',
    'http://localhost:4200',
    'http://127.0.0.1:4200',
    'https://a.b:8443',
  ]) {
    assert.equal(originComplaint(origin), undefined, origin)
  }
})

test('whoever writes something else is told what to write', () => {
  assert.equal(originComplaint('https://app.acme.example/'), 'Write it as browsers send it: https://app.acme.example')
  assert.equal(
    originComplaint('https://App.Acme.example:443/x'),
    'Write it as browsers send it: https://app.acme.example',
  )
  assert.match(originComplaint('app.acme.example') ?? '', /Begin with https/)
  assert.match(originComplaint('http://app.acme.example') ?? '', /Use https:\/\/app\.acme\.example/)
  assert.match(originComplaint('https://*.acme.example') ?? '', /Name each origin/)
})

test('the same origin twice is told at the second, and an empty row is no mistake', () => {
  const [first, empty, second] = complaintsOf(['https://a.example', '', ' https://a.example '])
  assert.deepEqual([first, empty], [undefined, undefined])
  assert.match(second ?? '', /above already/)
})
