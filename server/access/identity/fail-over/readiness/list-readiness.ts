import type { Static } from 'typebox'
import type { Provider } from '../../../providers/index.ts'
import type { Parts } from '../../parts.ts'
import { refuse } from '../../refusals.ts'
import * as queries from './queries.ts'
import { isWhyNot, whys } from './readiness.ts'
import type { Paging, PeopleQuery } from './shapes.ts'
import { toldRow } from './tell-readiness.ts'

const LIST_DEFAULT = 50
/** Beside each provider; the others have a list of their own. */
const WORST_SHOWN = 10
const ALL = ''

/** Each provider that is enabled, and where most people would be kept out. */
export async function listReadiness(parts: Parts) {
  const providers = parts.providers.offered()
  const rows = await queries.countsOf(
    parts.db,
    providers.map(({ id }) => id),
  )
  return Promise.all(
    providers.map(async (provider) => {
      const row = rows.find((each) => each.provider_id === provider.id)
      const asked = { providerId: provider.id, after: undefined, limit: WORST_SHOWN }
      const worst = await queries.worstOrganizations(parts.db, asked)
      return { ...toldRow(provider, row), organizations: await named(parts, provider, worst, row) }
    }),
  )
}

/** Where most could not sign in comes first. */
export async function listOrganizationsReady(parts: Parts, providerId: string, asked: Static<typeof Paging>) {
  const provider = providerOf(parts, providerId)
  const { limit = LIST_DEFAULT, cursor } = asked
  const after = cursor === undefined ? undefined : placeIn(cursor)
  const [rows, all] = await Promise.all([
    queries.worstOrganizations(parts.db, { providerId, after, limit: limit + 1 }),
    queries.countOf(parts.db, providerId, ALL),
  ])
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const next = rows.length > limit && last ? cursorOf(`${last.no} ${last.organization_id}`) : null
  return { data: await named(parts, provider, shown, all), next_cursor: next }
}

export async function listPeopleNotReady(parts: Parts, providerId: string, asked: Static<typeof PeopleQuery>) {
  providerOf(parts, providerId)
  const { limit = LIST_DEFAULT, cursor, able, why, organization_id: organizationId = ALL } = asked
  const afterId = cursor === undefined ? '' : personIn(cursor)
  const filter = { providerId, organizationId, able, why: why !== undefined && isWhyNot(why) ? why : undefined }
  const [rows, counted] = await Promise.all([
    queries.listPeople(parts.db, { ...filter, afterId, limit: limit + 1 }),
    queries.countOf(parts.db, providerId, ALL),
  ])
  const shown = rows.slice(0, limit)
  return {
    data: shown.map((row) => ({
      user: { id: row.user_id, email: row.email, name: row.name },
      able: row.able,
      why: row.why,
      means: whys[row.why],
      last_sign_in_at: row.last_sign_in_at,
    })),
    counted_at: counted?.counted_at ?? null,
    next_cursor: rows.length > limit ? cursorOf(shown.at(-1)!.user_id) : null,
  }
}

export function providerOf(parts: Parts, id: string): Provider {
  const provider = parts.providers.find(id)
  if (!provider) throw refuse('no_provider', { id: id.replace(/[^\w]/g, '') })
  return provider
}

/** All of a provider were counted when its people were; of an organisation only a change is written. */
async function named(
  parts: Parts,
  provider: Provider,
  rows: readonly queries.CountRow[],
  all: queries.CountRow | undefined,
) {
  const ids = rows.map((row) => row.organization_id)
  const names = ids.length === 0 ? new Map<string, string>() : await parts.tenants.names(parts.db, ids)
  return rows.map((row) =>
    toldRow(
      provider,
      { ...row, counted_at: all?.counted_at ?? row.counted_at },
      { id: row.organization_id, name: names.get(row.organization_id) ?? row.organization_id },
    ),
  )
}

const cursorOf = (place: string) => Buffer.from(place).toString('base64url')
const readCursor = (cursor: string) => Buffer.from(cursor, 'base64url').toString('latin1')

function placeIn(cursor: string): { no: number; organizationId: string } {
  const [, no, organizationId] = /^(\d{1,9}) (org_[0-9a-z]{1,40})$/.exec(readCursor(cursor)) ?? []
  if (no === undefined || organizationId === undefined) throw refuse('bad_cursor')
  return { no: Number(no), organizationId }
}

function personIn(cursor: string): string {
  const id = readCursor(cursor)
  if (!/^usr_[0-9a-z]{1,40}$/.test(id)) throw refuse('bad_cursor')
  return id
}
