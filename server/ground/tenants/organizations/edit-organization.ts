import type { Queries } from '../../../platform/database/index.ts'
import { wordsIn } from '../../../platform/search-words.ts'
import type { By } from '../../audit/index.ts'
import { noOrganization } from '../authority.ts'
import { isSlug, type Metadata, type Organization, readMetadata, readName } from '../organization.ts'
import { type Parts, tell } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'

export interface EditOrganization {
  id: string
  name?: string | undefined
  slug?: string | undefined
  metadata_public?: Metadata | undefined
  metadata_private?: Metadata | undefined
}

/** Changes what is given, and leaves the rest. Metadata is replaced as a whole: merging would make deleting a guess. */
export async function editOrganization(
  parts: Parts,
  db: Queries,
  { by, ...input }: EditOrganization & { by: By },
): Promise<Organization> {
  const before = await queries.lockOrganization(db, input.id)
  if (!before) throw noOrganization(input.id)
  const slug = input.slug ?? before.slug
  if (!isSlug(slug)) throw refuse('bad_slug')
  if (await queries.isSlugTaken(db, slug, before.id)) throw refuse('slug_taken', { slug })

  const name = input.name === undefined ? before.name : assertName(input.name)
  const organization = await queries.updateOrganization(db, {
    id: before.id,
    name,
    slug,
    words: wordsIn(name, slug),
    metadataPublic: assertMetadata(input.metadata_public ?? before.metadata_public),
    metadataPrivate: assertMetadata(input.metadata_private ?? before.metadata_private),
    now: parts.clock.now(),
  })
  const fields = (['name', 'slug', 'metadata_public', 'metadata_private'] as const).filter(
    (field) => input[field] !== undefined,
  )
  await tell(parts, db, {
    by,
    action: 'organization.changed',
    subject: { kind: 'organization', id: before.id },
    organizationId: before.id,
    facts: { fields },
  })
  return organization
}

export function assertName(typed: string): string {
  const name = readName(typed)
  if (name === undefined) throw refuse('bad_name')
  return name
}

export function assertMetadata(metadata: Metadata): string {
  const text = readMetadata(metadata)
  if (text === undefined) throw refuse('bad_metadata')
  return text
}
