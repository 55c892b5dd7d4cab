import type { Brand } from '../../api/wire/applications.ts'

export type Accent = NonNullable<Brand['accent']>

/** More than this no screen shows at the lightness we use. */
export const CHROMA_MAX = 0.15
/** Where somebody who wants a colour of their own begins: ours. */
export const accentDefault: Accent = { hue: 200, chroma: 0.08 }

interface Oklch extends Accent {
  lightness: number
}
type Rgb = readonly [red: number, green: number, blue: number]

/** The lightness of hosted.css: a brand chooses the hue, and contrast holds whatever it chooses. */
const button = {
  light: { ground: 0.45, ink: () => [1, 1, 1] as Rgb },
  dark: { ground: 0.78, ink: (hue: number) => shown({ lightness: 0.2, chroma: 0.02, hue }) },
} as const
export type Scheme = keyof typeof button

export const lightAccent = ({ hue, chroma }: Accent) => `oklch(${button.light.ground} ${chroma} ${hue})`

/** A button of the hosted pages: its ground, and what is written on it. */
export function buttonOf({ hue, chroma }: Accent, scheme: Scheme): { ground: string; ink: string; contrast: number } {
  const { ground, ink } = button[scheme]
  const [under, over] = [shown({ lightness: ground, chroma, hue }), ink(hue)]
  return { ground: cssOf(under), ink: cssOf(over), contrast: contrastOf(under, over) }
}

/** WCAG 2.2 §1.4.3: at least 4.5 for text. */
export function contrastOf(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * decoded(red) + 0.7152 * decoded(green) + 0.0722 * decoded(blue)
}

/** Björn Ottosson's OKLab to sRGB, cut off channel by channel as browsers do it. */
export function shown({ lightness, chroma, hue }: Oklch): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

function encoded(linear: number): number {
  const value = Math.min(1, Math.max(0, linear))
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055
}

function decoded(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

function cssOf(rgb: Rgb): string {
  return `#${rgb
    .map((value) =>
      Math.round(value * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}
