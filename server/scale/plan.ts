import type { Queries } from '../platform/database/index.ts'
import { explained } from './queries.ts'
import type { Recorded } from './recording.ts'

/** What `explain (format json)` says of a step, as far as it is read here. */
interface Node {
  'Node Type': string
  'Plan Rows': number
  Schema?: string
  'Relation Name'?: string
  'Index Name'?: string
  'CTE Name'?: string
  Plans?: Node[]
}

/** Tables above this are never read from one end to the other for a page. */
const READ_WHOLE_MAX = 50_000
/** More rows than this are not put in order for a page; an index has them in order. */
const SORTED_MAX = 10_000

/** As `searchAll` of accounts calls it. */
const GATHERED_BY_WORDS = 'found'

export interface Plan {
  name: string
  /** One step a line, deeper ones further in: kinds of steps and the names of indexes, no figures. */
  shape: string[]
  /** What is not good enough, in words. */
  complaints: string[]
}

/** How PostgreSQL would answer a statement. `rowsOf` knows how large tables are. */
export async function planOf(
  db: Queries,
  { name, statement }: Recorded,
  rowsOf: ReadonlyMap<string, number>,
): Promise<Plan> {
  const { 'QUERY PLAN': said } = await db.one<{ 'QUERY PLAN': [{ Plan: Node }] }>(explained(statement))
  return { name, shape: shapeOf(said[0].Plan), complaints: [...complaintsOf(said[0].Plan, rowsOf)] }
}

function shapeOf(node: Node, depth = 0): string[] {
  const on = node['Index Name'] ?? node['Relation Name']
  const line = `${'  '.repeat(depth)}${node['Node Type']}${on ? ` ${on}` : ''}`
  return [line, ...(node.Plans ?? []).flatMap((inner) => shapeOf(inner, depth + 1))]
}

function* complaintsOf(node: Node, rowsOf: ReadonlyMap<string, number>): Generator<string> {
  const table = `${node.Schema}.${node['Relation Name']}`
  const rows = rowsOf.get(table) ?? 0
  if (node['Node Type'] === 'Seq Scan' && rows > READ_WHOLE_MAX) {
    yield `reads all ${Math.round(rows)} rows of ${table}: an index is missing, or does not fit`
  }
  const sorted = node.Plans?.[0]?.['Plan Rows'] ?? 0
  // An incremental sort puts in order what is equal by its index: a handful each.
  if (node['Node Type'] === 'Sort' && sorted > SORTED_MAX && !isGuessed(node)) {
    yield `puts about ${Math.round(sorted)} rows in order: an index could have them in order`
  }
  for (const inner of node.Plans ?? []) yield* complaintsOf(inner, rowsOf)
}

/**
 * PostgreSQL takes the beginning of a word for one in fifty rows, however rare it is. What is gathered by an index of words
 * first, as a CTE, is searched for rare words alone; the run with a million people measures it.
 */
function isGuessed(sort: Node): boolean {
  const [input] = sort.Plans ?? []
  return input?.['Node Type'] === 'CTE Scan' && input['CTE Name'] === GATHERED_BY_WORDS
}

/** The steps that read, for a table that a person looks at. */
export function readingOf(plan: Plan): string {
  return plan.shape
    .filter((line) => /Scan /.test(line))
    .map((line) => line.trim())
    .join(', ')
}
