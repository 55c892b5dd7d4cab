import assert from 'node:assert/strict'
import { test } from 'node:test'
import { brandOf, changesOf, valuesOf, wrongIn } from './brand-values.ts'

const none = { name: null, accent: null, logo_svg: null, support_url: null, privacy_url: null, terms_url: null }

test('only what was changed is sent, and what was emptied is sent as nothing', () => {
  const before = valuesOf({ ...none, name: 'Acme', terms_url: 'https://acme.example/terms' })
  assert.deepEqual(changesOf(before, before), {})
  const after = { ...before, accent: { hue: 20, chroma: 0.1 }, terms_url: ' ' }
  assert.deepEqual(changesOf(before, after), { accent: { hue: 20, chroma: 0.1 }, terms_url: null })
  assert.deepEqual(brandOf(valuesOf(none)), none)
})

test('a link that is none is told how to begin', () => {
  const wrong = wrongIn({ ...valuesOf(none), support_url: 'mailto:help@acme.example', terms_url: 'acme.example/terms' })
  assert.deepEqual(wrong, { terms_url: 'Begin with https://.' })
})
