import { createHash } from 'node:crypto'
import type { Brand as Said } from '../../../ground/applications/index.ts'
import { type Brand, brandColour, brandStyle } from '../pages/index.ts'

/** The files that a brand needs beside a page; null: none. */
export interface BrandFiles {
  style: string | null
  logo: string | null
}

export const filesOf = ({ accent, logo_svg }: Said): BrandFiles => ({
  style: accent && brandStyle(accent),
  logo: logo_svg,
})

/** What a brand says, as pages and mails are handed it. `pathOf` names where its files are served. */
export function lookOf(said: Said, name: string, pathOf: (file: 'style' | 'logo', content: string) => string): Brand {
  const { style, logo } = filesOf(said)
  return {
    name: said.name ?? name,
    stylePath: style && pathOf('style', style),
    logoPath: logo && pathOf('logo', logo),
    colour: said.accent && brandColour(said.accent),
    supportUrl: said.support_url,
    privacyUrl: said.privacy_url,
    termsUrl: said.terms_url,
  }
}

const VERSION_LENGTH = 12

/** Stands in the address, so that a browser may keep the file for a year and still sees a change at once. */
export const versionOf = (content: string) =>
  createHash('sha256').update(content).digest('base64url').slice(0, VERSION_LENGTH)
