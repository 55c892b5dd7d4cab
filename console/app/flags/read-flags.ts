import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { sayRule, sayRules } from '@holdfast/sdk/flag-rules'
import { type Definition, type FlagDefinition, type FlagType, ON_UNKNOWN_KEY } from '@holdfast/sdk/evaluate'
import { call } from '../api/call.ts'
import { isFailure } from '../api/failure.ts'
import type { Flag, FlagChange, FlagFleet, FlagMetadataOfAll, FlagPage, FlagRow } from '../api/wire/flags.ts'
import type { Page } from '../api/wire.ts'
import { listQuery, PAGE_SIZE } from '../list/list-query.ts'
import { type Ask, api, type FlagChangesSearch, type FlagsSearch } from '../paths.ts'
import { listRhythm } from '../reading/rhythm.ts'

/** Seen in what access serves, as the database does not answer: who changed it, its name and its tags are not known. */
export interface Served {
  isServed?: true
}
export type FlagsSeen = FlagPage<FlagRow> & Served
export type FlagSeen = Flag & Served

export const CLIENT_KEY = 'holdfast.client'

export function listSearch({ query, state, tag, cursor, make }: FlagsSearch): FlagsSearch {
  return { query, state, tag, cursor, make }
}
export const askFor = ({ query, state, tag }: FlagsSearch) => ({ query, state, tag })

/** In an outage what access serves is all that can be read, and all that counts: it answers everybody meanwhile. */
export function flagsQuery(search: FlagsSearch) {
  const ask = askFor(search)
  return queryOptions({
    queryKey: ['flags', 'list', { ...ask, cursor: search.cursor }],
    queryFn: ({ signal, client, queryKey }) =>
      orServed<FlagsSeen>({
        before: client.getQueryData<FlagsSeen>(queryKey),
        ask: () => askList({ ...ask, cursor: search.cursor, limit: PAGE_SIZE }, search, signal),
        served: search.state === 'archived' ? undefined : async () => servedList(await readServed(signal), search),
      }),
    refetchInterval: listRhythm,
    placeholderData: keepPreviousData,
  })
}

export function flagQuery(key: string) {
  return queryOptions({
    queryKey: ['flags', 'one', key],
    queryFn: ({ signal, client, queryKey }) =>
      orServed<FlagSeen>({
        before: client.getQueryData<FlagSeen>(queryKey),
        ask: () => call<Flag>({ path: api.flag(key), signal }),
        served: async () => servedFlag(await readServed(signal), key),
      }),
    refetchInterval: listRhythm,
  })
}

/** Tables that lost something are no list of flags: what is served is, and everybody gets it. */
async function askList(ask: Ask, search: FlagsSearch, signal: AbortSignal): Promise<FlagsSeen> {
  const page = await call<FlagPage<FlagRow>>({ path: api.flags(ask), signal })
  if (page.standing.state !== 'holding' || search.state === 'archived') return page
  return { ...servedList(await readServed(signal), search), standing: page.standing }
}

interface Asking<Seen> {
  before: Seen | undefined
  ask(): Promise<Seen>
  served: (() => Promise<Seen | undefined>) | undefined
}

/** What was read before the outage says more than what is served: it stays, as old. */
async function orServed<Seen extends Served>({ before, ask, served }: Asking<Seen>): Promise<Seen> {
  try {
    return await ask()
  } catch (error) {
    if (!isFailure(error, 'unknown') || !served || (before && !before.isServed)) throw error
    const found = await served().catch(() => undefined)
    if (!found) throw error
    return found
  }
}

interface ServedSet {
  definition: Definition
  number: string
}

async function readServed(signal: AbortSignal): Promise<ServedSet> {
  const [definition, { version }] = await Promise.all([
    call<Definition>({ path: api.flagExport(), signal }),
    call<FlagMetadataOfAll>({ path: api.flagMetadata(), signal }),
  ])
  return { definition, number: version }
}

/** Everything that is served, to be asked in this browser by the very evaluator that access has. */
export const servedQuery = queryOptions({
  queryKey: ['flags', 'served'],
  queryFn: ({ signal }) => readServed(signal),
  refetchInterval: listRhythm,
})

function servedList({ definition, number }: ServedSet, { query = '' }: FlagsSearch): FlagsSeen {
  const all = Object.entries(definition.flags)
  const sought = query.toLowerCase()
  const data = all.filter(([key]) => key.toLowerCase().includes(sought)).map(([key, flag]) => rowOf(key, flag, number))
  return { data, next_cursor: null, number, total: all.length, standing: NOT_SEEN, isServed: true }
}

function servedFlag({ definition, number }: ServedSet, key: string): FlagSeen | undefined {
  const flag = Object.hasOwn(definition.flags, key) ? definition.flags[key] : undefined
  if (!flag) return undefined
  return {
    ...rowOf(key, flag, number),
    definition: flag,
    rules: sayRules(flag),
    on_unknown: String(flag.metadata?.[ON_UNKNOWN_KEY] ?? 'last-known'),
    segments: [],
    isServed: true,
  }
}

const NOT_SEEN = { state: 'unknown', fault: null, sentence: 'The database does not answer.' } as const
const NOBODY = { id: '', label: null }

function rowOf(key: string, flag: FlagDefinition, version: string): FlagRow {
  return {
    ...{ key, name: null, description: null, tags: [], sentence: sayRule(flag), version },
    ...{ created_at: '', created_by: NOBODY, changed_at: '', changed_by: NOBODY, archived_at: null },
    type: typeOf(flag),
    is_enabled: flag.state === 'ENABLED',
    default_variant: flag.defaultVariant ?? null,
    variants: Object.keys(flag.variants),
    is_client: flag.metadata?.[CLIENT_KEY] === true,
  }
}

/** All variants of one flag are of one type: access refuses others. */
export function typeOf({ variants }: FlagDefinition): FlagType {
  const [value] = Object.values(variants)
  return typeof value as FlagType
}

export function changesQuery({ key, kind, cursor }: FlagChangesSearch) {
  return listQuery<FlagChange>('flag-changes', api.flagChanges, { key, kind }, cursor)
}

export const fleetQuery = queryOptions({
  queryKey: ['flags', 'fleet'],
  queryFn: ({ signal }) => call<FlagFleet>({ path: api.flagFleet(), signal }),
  refetchInterval: listRhythm,
})

/** For who has to choose one: a page of them is enough to type against. */
export const segmentNamesQuery = queryOptions({
  queryKey: ['segments', 'names'],
  queryFn: ({ signal }) =>
    call<Page<{ key: string; name: string | null }>>({ path: api.segments({ limit: 200 }), signal }),
})
