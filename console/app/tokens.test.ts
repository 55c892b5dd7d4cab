import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

const CONTRAST_MIN = 4.5
/** WCAG 1.4.11: what marks the edge of a control, and a shape beside its word. */
const CONTRAST_OF_SHAPES_MIN = 3

const grounds = ['paper', 'sheet', 'sunken', 'hover', 'chosen'] as const
const inks = ['ink', 'ink-soft', 'ink-faint', 'accent', 'degraded', 'failing', 'unknown'] as const

const css = await readFile(join(import.meta.dirname, 'tokens.css'), 'utf8')
const schemes = ['light', 'dark'] as const

test('every text colour reads at 4.5:1 on every ground it stands on, light and dark', () => {
  const pairs = [
    ...grounds.flatMap((ground) => inks.map((ink) => [ink, ground] as const)),
    ...(['degraded', 'failing', 'unknown'] as const).flatMap((state) => [
      [state, `${state}-ground`] as const,
      ['ink', `${state}-ground`] as const,
      ['ink-soft', `${state}-ground`] as const,
      ['ink-faint', `${state}-ground`] as const,
    ]),
    ['on-accent', 'accent'] as const,
    ['on-accent', 'accent-hover'] as const,
    ['on-failing', 'failing'] as const,
    ['on-failing', 'failing-hover'] as const,
  ]
  assert.deepEqual(tooFaint(pairs, CONTRAST_MIN), [])
})

test('the mark of what is ok, the edge of a control and the lines of a chart stand out from every ground', () => {
  const shapes = ['ok', 'line-control', 'series-1', 'series-2', 'series-3', 'series-4'] as const
  const pairs = (['paper', 'sheet', 'chosen'] as const).flatMap((ground) =>
    shapes.map((shape) => [shape, ground] as const),
  )
  assert.deepEqual(tooFaint(pairs, CONTRAST_OF_SHAPES_MIN), [])
})

function tooFaint(pairs: readonly (readonly [string, string])[], least: number): string[] {
  return schemes.flatMap((scheme) =>
    pairs.flatMap(([ink, ground]) => {
      const ratio = contrast(luminanceOf(ink, scheme), luminanceOf(ground, scheme))
      return ratio < least ? [`${scheme}: ${ink} on ${ground} is ${ratio.toFixed(2)}:1`] : []
    }),
  )
}

function contrast(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Relative luminance of a token: OKLCH to linear sRGB (https://bottosson.github.io/posts/oklab), clipped as screens do. */
function luminanceOf(token: string, scheme: (typeof schemes)[number]): number {
  const both = css.match(new RegExp(`--${token}: light-dark\\(oklch\\(([^)]+)\\), oklch\\(([^)]+)\\)\\)`))
  assert.ok(both, `tokens.css has no --${token} for both schemes`)
  const [lightness, chroma, hue] = both[scheme === 'light' ? 1 : 2]!.split(' ').map(Number.parseFloat) as [
    number,
    number,
    number,
  ]
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const L = lightness / 100
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
  const [r, g, bl] = [red, green, blue].map((part) => Math.min(1, Math.max(0, part))) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * bl
}
