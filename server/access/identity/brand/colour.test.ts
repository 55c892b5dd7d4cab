import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHROMA_MAX } from '../../../ground/applications/index.ts'
import { contrast, hexOf, mapped, type Oklch, shown } from './colour.ts'

type Tokens = Map<string, string>

/** The colours as the style sheet says them, of one scheme. */
async function tokensOf(scheme: 'light' | 'dark'): Promise<Tokens> {
  const style = await readFile(new URL('../../../assets/hosted.css', import.meta.url), 'utf8')
  const [light, dark] = [...style.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, block]) => new Map([...block!.matchAll(/--([\w-]+): ([^;]+);/g)].map(([, name, value]) => [name!, value!])),
  )
  assert.ok(light && dark)
  return scheme === 'light' ? light : new Map([...light, ...dark])
}

function colourOf(tokens: Tokens, name: string, brand: { hue: number; chroma: number }): Oklch {
  const [, lightness, chroma, hue] = /^oklch\((\S+) (\S+) (\S+)\)$/.exec(tokens.get(name) ?? '') ?? []
  const number = (text: string | undefined) =>
    text === 'var(--brand-hue)' ? brand.hue : text === 'var(--brand-chroma)' ? brand.chroma : Number(text)
  const colour = { lightness: number(lightness), chroma: number(chroma), hue: number(hue) }
  assert.ok(Object.values(colour).every(Number.isFinite), `${name}: ${tokens.get(name)}`)
  return colour
}

/** Whatever a brand's accent meets as text, or text meets on it. */
const pairs: [text: string, ground: string, atLeast: number][] = [
  ['on-accent', 'accent', 4.5],
  ['on-accent', 'accent-pressed', 4.5],
  ['accent', 'card', 4.5],
  ['accent', 'paper', 4.5],
  ['accent-pressed', 'card', 4.5],
  ['accent-pressed', 'paper', 4.5],
  ['ink', 'accent-wash', 4.5],
  ['ink-soft', 'accent-wash', 4.5],
]

for (const scheme of ['light', 'dark'] as const) {
  test(`every hue and chroma can be read (${scheme})`, async () => {
    const tokens = await tokensOf(scheme)
    const accent = fc.record({
      hue: fc.double({ min: 0, max: 360, noNaN: true }),
      chroma: fc.double({ min: 0, max: CHROMA_MAX, noNaN: true }),
    })
    const check = (brand: { hue: number; chroma: number }) => {
      for (const [text, ground, atLeast] of pairs) {
        const [front, back] = [colourOf(tokens, text, brand), colourOf(tokens, ground, brand)]
        // Browsers differ in how they show what no screen has.
        for (const show of [shown, mapped]) {
          const ratio = contrast(show(front), show(back))
          assert.ok(ratio >= atLeast, `${text} on ${ground}: ${ratio.toFixed(2)} at ${JSON.stringify(brand)}`)
        }
      }
    }
    for (let hue = 0; hue <= 360; hue += 2) for (const chroma of [0, 0.05, 0.1, CHROMA_MAX]) check({ hue, chroma })
    fc.assert(fc.property(accent, check), { numRuns: 300 })
  })
}

test('white on the accent of a mail can be read', () => {
  for (let hue = 0; hue < 360; hue += 1) {
    const ratio = contrast(mapped({ lightness: 0.45, chroma: CHROMA_MAX, hue }), [1, 1, 1])
    assert.ok(ratio >= 4.5, `${hue}: ${ratio}`)
  }
})

test('colours are those of CSS', () => {
  assert.equal(hexOf({ lightness: 1, chroma: 0, hue: 0 }), '#ffffff')
  assert.equal(hexOf({ lightness: 0, chroma: 0, hue: 0 }), '#000000')
  // oklch(0.628 0.2577 29.23) is red in sRGB.
  assert.equal(hexOf({ lightness: 0.62796, chroma: 0.25768, hue: 29.2339 }), '#ff0000')
  assert.equal(contrast([1, 1, 1], [0, 0, 0]), 21)
})
