/** A product that lets people sign in here, and how the hosted pages look for it. */
export interface Application {
  id: string
  name: string
  audience: string
  origins: string[]
  /** What the SDK does while nobody can tell whether somebody is signed in. */
  on_unknown: { policy: 'serve' | 'refuse'; max_age_s: number }
  brand: Brand
  key_hint: string | null
  key_created_at: string | null
  /** Until then the key before the last rotation is accepted too. */
  previous_key_valid_until: string | null
  created_at: string
  updated_at: string
  live_sessions: number
}

export interface Brand {
  name: string | null
  /** OKLCH without its lightness, which light and dark choose for themselves. */
  accent: { hue: number; chroma: number } | null
  logo_svg: string | null
  support_url: string | null
  privacy_url: string | null
  terms_url: string | null
}

/** The key is in this answer and never again. */
export interface ApplicationWithKey {
  application: Application
  key: string
  previous_key_valid_until?: string | null
}

export const previewPages = ['sign-in', 'code', 'link', 'account', 'sign-out', 'unavailable', 'mail'] as const
export type PreviewPage = (typeof previewPages)[number]

/** Where a brand can be seen before it is saved; in the memory of one process, for five minutes. */
export interface BrandPreview {
  url: string
  expires_at: string
}
