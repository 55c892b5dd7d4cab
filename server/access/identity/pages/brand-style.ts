import { CHROMA_MAX } from '../../../ground/applications/index.ts'
import { hexOf } from '../brand/colour.ts'

/** A brand chooses the hue; lightness stays ours, so that contrast holds whatever it chooses. */
export interface BrandAccent {
  /** OKLCH hue, 0 to 360. */
  hue: number
  /** OKLCH chroma, 0 (grey) to 0.15. */
  chroma: number
}

/** Of `--accent` in hosted.css, on white. */
const LIGHTNESS = 0.45

/** The text of a style sheet to serve beside `/assets/hosted.css` and to name in `Brand.stylePath`. */
export function brandStyle(accent: BrandAccent): string {
  const { hue, chroma } = bounded(accent)
  return `:root { --brand-hue: ${hue.toFixed(1)}; --brand-chroma: ${chroma.toFixed(3)}; }\n`
}

/** The same accent as mails have it: white text on it can be read. */
export const brandColour = (accent: BrandAccent) => hexOf({ lightness: LIGHTNESS, ...bounded(accent) })

function bounded(accent: BrandAccent): BrandAccent {
  const hue = Number.isFinite(accent.hue) ? ((accent.hue % 360) + 360) % 360 : 0
  const chroma = Number.isFinite(accent.chroma) ? Math.min(CHROMA_MAX, Math.max(0, accent.chroma)) : 0
  return { hue, chroma }
}
