import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { schemas } from './schemas.ts'
import type { Queries } from '../platform/database/index.ts'
import { replaceFile } from '../platform/durable-file.ts'
import * as queries from './queries.ts'

/** What PostgreSQL knows of a large database, so that a small one is planned for as if it were large. */
export interface PlannerStatistics {
  /** Up to when things happened in the large one. */
  now: string
  relations: queries.RelationStatistics[]
  columns: queries.ColumnStatistics[]
}

const FILE = join(import.meta.dirname, 'statistics.json')
/** Enough for the planner to tell rare from frequent, and little enough for a file in the repository. */
const BOUNDS_MAX = 21
const COMMON_MAX = 12
const ELEMENTS_MAX = 60
/** Nothing is looked for by what is longer: documents, digests, sealed keys. */
const VALUE_LENGTH_MAX = 80

export async function readPlannerStatistics(): Promise<PlannerStatistics> {
  return JSON.parse(await readFile(FILE, 'utf8')) as PlannerStatistics
}

export async function keepPlannerStatistics(db: Queries, now: Date): Promise<void> {
  const relations = await queries.relationStatistics(db, schemas)
  const columns = await queries.columnStatistics(db, schemas)
  const lines = (rows: readonly object[]) => rows.map((row) => `    ${JSON.stringify(row)}`).join(',\n')
  await replaceFile(
    FILE,
    `{\n  "now": ${JSON.stringify(now)},\n  "relations": [\n${lines(relations)}\n  ],\n  "columns": [\n${lines(columns.map(thinned))}\n  ]\n}\n`,
  )
}

/** As if `now` had been that long ago: times, and ids that begin with one, move with the clock. */
export async function restorePlannerStatistics(db: Queries, kept: PlannerStatistics, now: Date): Promise<void> {
  const byMs = now.getTime() - new Date(kept.now).getTime()
  for (const relation of kept.relations) await queries.restoreRelation(db, relation)
  for (const column of kept.columns) {
    const moved = (values: string[] | null) => values?.map((value) => movedBy(value, byMs)) ?? null
    const { common, bounds, elements } = column
    await queries.restoreColumn(db, {
      ...column,
      common: moved(common),
      bounds: moved(bounds),
      elements: moved(elements),
    })
  }
}

/** By schema and name: the log of audit and the flags both have a table called entry. */
export const rowsByTable = (kept: Pick<PlannerStatistics, 'relations'>) =>
  new Map(kept.relations.map(({ schema, name, rows }) => [`${schema}.${name}`, rows]))

function thinned(column: queries.ColumnStatistics): queries.ColumnStatistics {
  const { common, frequencies, bounds, elements, elementFrequencies } = column
  const isLong = [common, bounds].some((values) => values?.some((value) => value.length > VALUE_LENGTH_MAX))
  if (isLong)
    return { ...column, common: null, frequencies: null, bounds: null, elements: null, elementFrequencies: null }
  const kept = mostFrequent(elements, elementFrequencies)
  return {
    ...column,
    common: common?.slice(0, COMMON_MAX) ?? null,
    frequencies: frequencies?.slice(0, COMMON_MAX).map(rounded) ?? null,
    bounds: bounds && evenly(bounds),
    ...kept,
  }
}

const rounded = (share: number) => Number(share.toPrecision(4))

function evenly(bounds: string[]): string[] {
  if (bounds.length <= BOUNDS_MAX) return bounds
  return Array.from(
    { length: BOUNDS_MAX },
    (_, place) => bounds[Math.round((place * (bounds.length - 1)) / (BOUNDS_MAX - 1))]!,
  )
}

/** In the order they were in; behind the frequencies stand the least, the greatest, and for arrays the share of nulls. */
function mostFrequent(elements: string[] | null, frequencies: number[] | null) {
  if (!elements || !frequencies) return { elements: null, elementFrequencies: null }
  const least = frequencies.slice(0, elements.length).toSorted((one, other) => other - one)[ELEMENTS_MAX - 1] ?? 0
  const kept = elements
    .map((_, place) => place)
    .filter((place) => frequencies[place]! >= least)
    .slice(0, ELEMENTS_MAX)
  return {
    elements: kept.map((place) => elements[place]!),
    elementFrequencies: [
      ...kept.map((place) => rounded(frequencies[place]!)),
      ...frequencies.slice(elements.length).map(rounded),
    ],
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const ID = /^([a-z]{3}_)([0-9a-hjkmnp-tv-z]{10})([0-9a-z]{16})$/
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?\+00$/

function movedBy(value: string, byMs: number): string {
  if (TIME.test(value)) return new Date(new Date(value).getTime() + byMs).toISOString()
  const [, prefix, time, tail] = ID.exec(value) ?? []
  if (!time) return value
  let ms = [...time].reduce((sum, letter) => sum * 32 + ALPHABET.indexOf(letter), 0) + byMs
  let head = ''
  for (let place = 0; place < time.length; place++) {
    head = ALPHABET[ms % 32] + head
    ms = Math.floor(ms / 32)
  }
  return prefix + head + tail
}
