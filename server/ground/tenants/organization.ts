import { createHash } from 'node:crypto'

export type Metadata = Record<string, unknown>

/** A customer of the product: people act on its behalf. */
export interface Organization {
  /** `org_…` */
  id: string
  name: string
  /** What addresses and humans call it; unique here. */
  slug: string
  metadata_public: Metadata
  metadata_private: Metadata
  members: number
  created_at: Date
  created_by: string
  updated_at: Date
  /** When its deletion was asked for; null: it lives. */
  deleted_at: Date | null
  /** From when nothing brings it back. */
  deletes_at: Date | null
}

export type OrganizationState = 'active' | 'deleting' | 'all'

export const NAME_MAX = 120
export const SLUG_MAX = 60
export const SLUG_PATTERN = '^[a-z0-9](-?[a-z0-9])*$'
/** As the database checks it: what a product keeps with an organisation is no place for documents. */
export const METADATA_BYTES_MAX = 16 * 1024
const SLUG_OF_NOTHING = 'organization'

/** A name as it is kept: one line, no invisible characters; undefined: there is nothing left of it, or too much. */
export function readName(typed: string): string | undefined {
  const name = typed
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return name !== '' && name.length <= NAME_MAX ? name : undefined
}

/** `Müller & Söhne` becomes `muller-sohne`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? SLUG_OF_NOTHING : slug
}

/** For a slug that is taken: the end of the id is random, and short enough to be read out. */
export const anotherSlug = (slug: string, id: string) =>
  `${slug.slice(0, SLUG_MAX - 7).replace(/-$/, '')}-${id.slice(-6)}`

export const isSlug = (text: string) => text.length <= SLUG_MAX && new RegExp(SLUG_PATTERN).test(text)

/** As text, because the database measures it so; undefined: too large. */
export function readMetadata(metadata: Metadata): string | undefined {
  const text = JSON.stringify(metadata)
  // PostgreSQL writes a space after each comma and colon: a little is kept back for it.
  const spaces = text.match(/[,:]/g)?.length ?? 0
  return Buffer.byteLength(text) + spaces <= METADATA_BYTES_MAX && !text.includes('\\u0000') ? text : undefined
}

/** 256 buckets, placed on shards as a whole (design §3). */
export const bucketOf = (id: string): number => createHash('sha256').update(id).digest()[0]!
