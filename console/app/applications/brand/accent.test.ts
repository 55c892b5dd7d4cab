import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buttonOf, CHROMA_MAX, contrastOf } from './accent.ts'

test('whatever colour a brand chooses, its buttons can be read in light and dark', () => {
  for (let hue = 0; hue <= 360; hue += 5) {
    for (const chroma of [0, 0.05, 0.1, CHROMA_MAX]) {
      for (const scheme of ['light', 'dark'] as const) {
        const { contrast } = buttonOf({ hue, chroma }, scheme)
        assert.ok(contrast >= 4.5, `${scheme} ${hue} ${chroma}: ${contrast}`)
      }
    }
  }
})

test('contrast is that of WCAG: 21 between black and white', () => {
  assert.equal(Math.round(contrastOf([0, 0, 0], [1, 1, 1])), 21)
})

test('a colour is what browsers show', () => {
  assert.equal(buttonOf({ hue: 0, chroma: 0 }, 'light').ground, '#555555')
})
