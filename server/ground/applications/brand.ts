import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { orNull } from '../../platform/http/index.ts'
import { LOGO_LENGTH_MAX, readLogo } from './logo.ts'

/** Of OKLCH; more than this no screen shows at the lightness we use. */
export const CHROMA_MAX = 0.15
const NAME_LENGTH_MAX = 80
const URL_LENGTH_MAX = 2048

const link = (what: string, example: string) =>
  orNull(
    Type.String({
      maxLength: URL_LENGTH_MAX,
      description: `${what}, linked at the foot of pages and mails; https://, or mailto: for support.`,
      examples: [example],
    }),
  )

/** How an application looks on hosted pages and in mails. Null: the application's own name, our colour, no logo, no link. */
export const Brand = Type.Object(
  {
    name: orNull(
      Type.String({
        maxLength: NAME_LENGTH_MAX,
        description: 'What people know the product by; null: the application’s name.',
        examples: ['Acme Notes'],
      }),
    ),
    accent: orNull(
      Type.Object(
        {
          hue: Type.Number({ minimum: 0, maximum: 360, description: 'OKLCH hue in degrees.', examples: [264] }),
          chroma: Type.Number({
            minimum: 0,
            maximum: CHROMA_MAX,
            description: 'OKLCH chroma: 0 is grey.',
            examples: [0.12],
          }),
        },
        {
          additionalProperties: false,
          description: 'The colour of what can be pressed. Lightness is ours, so that it can be read.',
        },
      ),
    ),
    logo_svg: orNull(
      Type.String({
        maxLength: LOGO_LENGTH_MAX,
        description: 'A drawing as SVG with a viewBox: shapes, paths and gradients, nothing that runs or is loaded.',
        examples: ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>'],
      }),
    ),
    support_url: link('Where people find help', 'mailto:help@acme.example'),
    privacy_url: link('What happens with personal data', 'https://acme.example/privacy'),
    terms_url: link('The terms of use', 'https://acme.example/terms'),
  },
  { additionalProperties: false, description: 'How the application looks on hosted pages and in mails.' },
)
export type Brand = Static<typeof Brand>

export const NO_BRAND: Brand = {
  name: null,
  accent: null,
  logo_svg: null,
  support_url: null,
  privacy_url: null,
  terms_url: null,
}

export type ReadBrand =
  | { outcome: 'ok'; brand: Brand }
  /** `says` is a sentence for whoever wrote the brand. */
  | { outcome: 'invalid'; at: keyof Brand | null; says: string }

const invalid = (at: keyof Brand | null, says: string): ReadBrand => ({ outcome: 'invalid', at, says })

/** Reads a brand, whole or in part; what is left out is null. Its logo comes out as we write it, with only what we know. */
export function readBrand(said: unknown): ReadBrand {
  const isObject = typeof said === 'object' && said !== null && !Array.isArray(said)
  if (!isObject) return invalid(null, 'A brand is an object with name, accent, logo_svg and links.')
  const whole = { ...NO_BRAND, ...said }
  if (!Value.Check(Brand, whole)) {
    const [at] = Value.Errors(Brand, whole).map(({ instancePath }) => instancePath.split('/')[1])
    const known = at !== undefined && at in NO_BRAND ? (at as keyof Brand) : null
    return invalid(known, `${known ?? 'A field'} is not as the documentation of a brand says.`)
  }
  const name = whole.name?.normalize('NFC').trim() || null
  // A line break would begin another header in a mail; a directional override would let one name read as another.
  if (name && /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(name)) {
    return invalid('name', 'A name has no line breaks and no control characters.')
  }
  for (const field of ['support_url', 'privacy_url', 'terms_url'] as const) {
    const url = whole[field]
    if (url !== null && !isLink(url, field)) return invalid(field, `${field} must be a whole address with https://.`)
  }
  if (whole.logo_svg === null) return { outcome: 'ok', brand: { ...whole, name } }
  const logo = readLogo(whole.logo_svg)
  if (logo.outcome === 'invalid') return invalid('logo_svg', logo.says)
  return { outcome: 'ok', brand: { ...whole, name, logo_svg: logo.svg } }
}

/** What is kept was read once by `readBrand`; what no longer fits looks like no brand at all, and stops nothing. */
export function keptBrand(kept: unknown): Brand {
  const read = readBrand(kept)
  return read.outcome === 'ok' ? read.brand : NO_BRAND
}

function isLink(text: string, field: 'support_url' | 'privacy_url' | 'terms_url'): boolean {
  const url = URL.parse(text)
  if (!url || /[\s\p{Cc}]/u.test(text)) return false
  if (field === 'support_url' && url.protocol === 'mailto:')
    return url.search === '' && /^[^&%]+@[^&%]+$/.test(url.pathname)
  return url.protocol === 'https:' && url.username === '' && url.password === ''
}
