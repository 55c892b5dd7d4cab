import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import { wordsIn } from '../../../platform/search-words.ts'
import type { By } from '../../audit/index.ts'
import { anotherSlug, bucketOf, isSlug, type Metadata, type Organization, slugOf } from '../organization.ts'
import { type Parts, tell } from '../parts.ts'
import { refuse } from '../refusals.ts'
import * as queries from './queries.ts'
import { assertMetadata, assertName } from './edit-organization.ts'

export interface CreateOrganization {
  name: string
  slug?: string | undefined
  metadata_public?: Metadata | undefined
  metadata_private?: Metadata | undefined
}

/** Makes an organisation. A slug that was asked for is had or refused; one that was derived gives way. */
export async function createOrganization(
  parts: Parts,
  db: Queries,
  { by, ...input }: CreateOrganization & { by: By },
): Promise<Organization> {
  const now = parts.clock.now()
  const id = newId('org', now)
  const name = assertName(input.name)
  if (input.slug !== undefined && !isSlug(input.slug)) throw refuse('bad_slug')
  const made = {
    id,
    name,
    bucket: bucketOf(id),
    metadataPublic: assertMetadata(input.metadata_public ?? {}),
    metadataPrivate: assertMetadata(input.metadata_private ?? {}),
    by: by.id,
    now,
  }

  const slug = input.slug ?? slugOf(name)
  const slugs = input.slug === undefined ? [slug, anotherSlug(slug, id)] : [slug]
  const organization = await insertWithOneOf(db, made, slugs)
  if (!organization) throw refuse('slug_taken', { slug })
  await tell(parts, db, {
    by,
    action: 'organization.created',
    subject: { kind: 'organization', id },
    organizationId: id,
  })
  return organization
}

async function insertWithOneOf(
  db: Queries,
  made: Omit<Parameters<typeof queries.insertOrganization>[1], 'slug' | 'words'>,
  slugs: readonly string[],
): Promise<Organization | undefined> {
  for (const slug of slugs) {
    const organization = await queries.insertOrganization(db, { ...made, slug, words: wordsIn(made.name, slug) })
    if (organization) return organization
  }
  return undefined
}
