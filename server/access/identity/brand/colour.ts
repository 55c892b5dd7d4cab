/** Red, green and blue in sRGB, each 0 to 1. */
type Rgb = readonly [red: number, green: number, blue: number]

export interface Oklch {
  lightness: number
  chroma: number
  /** Degrees. */
  hue: number
}

/** Björn Ottosson's OKLab to linear sRGB (https://bottosson.github.io/posts/oklab/); may lie outside of what a screen shows. */
function linearOf({ lightness, chroma, hue }: Oklch): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
}

const clipped = (value: number) => Math.min(1, Math.max(0, value))

/** As browsers show it: what no screen has is cut off, channel by channel. */
export function shown(colour: Oklch): Rgb {
  const [red, green, blue] = linearOf(colour).map(clipped).map(encoded)
  return [red!, green!, blue!]
}

/** As CSS Color 4 §13.2 would show it: the same hue and lightness, with as much chroma as a screen has. */
export function mapped(colour: Oklch): Rgb {
  const isShowable = (chroma: number) =>
    linearOf({ ...colour, chroma }).every((value) => value >= -0.0001 && value <= 1.0001)
  if (isShowable(colour.chroma)) return shown(colour)
  let [low, high] = [0, colour.chroma]
  // Halved twelve times, a chroma of 0.15 is known to 0.00004: less than a step of a channel.
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2
    if (isShowable(middle)) low = middle
    else high = middle
  }
  return shown({ ...colour, chroma: low })
}

const encoded = (linear: number) => (linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055)
const decoded = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)

/** WCAG 2.2 §1.4.3: at least 4.5 for text. */
export function contrast(one: Rgb, other: Rgb): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter! + 0.05) / (darker! + 0.05)
}

const luminance = ([red, green, blue]: Rgb) => 0.2126 * decoded(red) + 0.7152 * decoded(green) + 0.0722 * decoded(blue)

/** `#12656b`, for mail programs that know no other. */
export function hexOf(colour: Oklch): string {
  const bytes = mapped(colour).map((value) => Math.round(value * 255))
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
