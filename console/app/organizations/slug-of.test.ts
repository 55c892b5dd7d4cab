import assert from 'node:assert/strict'
import { test } from 'node:test'
import { slugComplaint, slugOf } from './slug-of.ts'

test('a short name is derived from a name as people write it', () => {
  assert.equal(slugOf('Müller & Söhne'), 'muller-sohne')
  assert.equal(slugOf('  Iberian Rail, S.A. '), 'iberian-rail-s-a')
  assert.equal(slugOf('北京'), '')
  assert.equal(slugOf('x'.repeat(80)).length, 60)
})

test('what is no short name is told why', () => {
  assert.equal(slugComplaint('acme-labs'), undefined)
  for (const slug of ['', 'Acme', 'acme--labs', '-acme', 'acme_labs']) assert.match(slugComplaint(slug) ?? '', /small/)
  assert.match(slugComplaint('a'.repeat(61)) ?? '', /at most 60/)
})
