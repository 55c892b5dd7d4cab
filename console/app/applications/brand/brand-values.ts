import type { Brand } from '../../api/wire/applications.ts'
import type { Accent } from './accent.ts'
import { LOGO_LENGTH_MAX } from './logo.ts'

/** As it is filled in: what is empty is as without a brand. */
export interface BrandValues {
  name: string
  accent: Accent | null
  logo_svg: string
  support_url: string
  privacy_url: string
  terms_url: string
}

const texts = ['name', 'logo_svg', 'support_url', 'privacy_url', 'terms_url'] as const

export function valuesOf(brand: Brand): BrandValues {
  const written = Object.fromEntries(texts.map((name) => [name, brand[name] ?? '']))
  return { ...(written as Omit<BrandValues, 'accent'>), accent: brand.accent }
}

export function brandOf(values: BrandValues): Brand {
  const written = Object.fromEntries(texts.map((name) => [name, values[name].trim() || null]))
  return { ...(written as Omit<Brand, 'accent'>), accent: values.accent }
}

/** What was not touched is not sent: others may have changed it meanwhile. */
export function changesOf(before: BrandValues, values: BrandValues): Partial<Brand> {
  const then = brandOf(before)
  const changed = Object.entries(brandOf(values)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(then[name as keyof Brand]),
  )
  return Object.fromEntries(changed)
}

export function wrongIn(values: BrandValues): Partial<Record<keyof BrandValues, string>> {
  const isLink = (text: string, begins: RegExp) =>
    text.trim() === '' || (begins.test(text.trim()) && URL.canParse(text))
  return {
    ...(!isLink(values.support_url, /^(https:\/\/|mailto:)/) && { support_url: 'Begin with https:// or mailto:.' }),
    ...(!isLink(values.privacy_url, /^https:\/\//) && { privacy_url: 'Begin with https://.' }),
    ...(!isLink(values.terms_url, /^https:\/\//) && { terms_url: 'Begin with https://.' }),
    ...(values.logo_svg.length > LOGO_LENGTH_MAX && {
      logo_svg: 'The logo is larger than 16 KiB. Take detail out of it.',
    }),
  }
}
