import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageAsked } from './accept-language.ts'

const ours = ['en', 'de']
const cases: [header: string | undefined, language: string | undefined][] = [
  [undefined, undefined],
  ['', undefined],
  ['de', 'de'],
  ['DE-at', 'de'],
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['fr, de;q=0.5, en;q=0.7', 'en'],
  ['fr,es;q=0.9', undefined],
  ['en;q=0.5, de;q=0.5', 'en'],
  ['de;q=0.5, en;q=0.5', 'de'],
  ['de;q=0, en;q=0.1', 'en'],
  ['de;q=0', undefined],
  ['*', 'en'],
  ['en;q=0, *;q=0.1', 'de'],
  ['fr, *;q=0.3, de;q=0.5', 'de'],
  ['  de  ;  q=0.3 , en ; q = 0.2', 'de'],
  ['de;q=2, en;q=0.1', 'en'],
  ['de;q=nonsense, en;q=0.1', 'en'],
  ['constructor, __proto__, de;q=0.1', 'de'],
  [',,;q=1,', undefined],
  [`${'fr,'.repeat(10_000)}de`, undefined],
]

test('the language that a browser wants most, of those there are', () => {
  for (const [header, language] of cases)
    assert.equal(languageAsked(header, ours), language, header?.slice(0, 80) ?? 'none')
})
