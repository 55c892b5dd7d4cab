import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { Connection } from '../connection.ts'
import { tableOf } from '../print.ts'
import type { Asked } from '../read-words.ts'
import { answerOf, at, ending, print, printJson, refused } from './asking.ts'

export interface Flag {
  key: string
  name: string | null
  description: string | null
  tags: string[]
  version: string
  changed_at: string
  changed_by: { id: string; label: string | null }
  archived_at: string | null
  rules: string[]
  variants: string[]
  segments: string[]
  definition: Record<string, unknown>
}

/** JSON of a file, or of standard input for `-`. */
export async function readJson(file: string): Promise<Record<string, unknown>> {
  let said: string
  try {
    said = file === '-' ? await text(process.stdin) : readFileSync(file, 'utf8')
  } catch (error) {
    throw refused(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  try {
    const read = JSON.parse(said) as unknown
    if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw refused(`${file === '-' ? 'standard input' : file} holds no JSON object.`)
}

/** One flag: its rule a branch a line, and then the JSON. */
export const getFlag = (connection: Connection, { path, isJson }: Asked) =>
  ending(async () => {
    const flag = await answerOf<Flag>(connection, `GET ${path}` as 'GET /')
    if (isJson) return printJson(flag)
    showFlag(flag)
    print('')
    process.stdout.write(`${JSON.stringify(flag.definition, null, 2)}\n`)
  })

export function showFlag({ key, name, description, rules, version, changed_at, changed_by, archived_at }: Flag): void {
  print(name === null ? key : `${key} (${name})`, ...(description === null ? [] : [description]))
  print(...rules.map((rule) => `  ${rule}`))
  print(`${version}, changed ${changed_at} by ${changed_by.label ?? changed_by.id}`)
  if (archived_at !== null) print(`Archived ${archived_at}: it is not delivered.`)
}

interface Compared {
  number: string | null
  at: string
  added: string[]
  removed: string[]
  changed: { kind: string; key: string; diff: string[] }[]
}

/** What differs between an instant and now. */
export const diffFlags = (connection: Connection, { path, isJson }: Asked) =>
  ending(async () => {
    const told = await answerOf<Compared>(connection, `GET ${path}` as 'GET /')
    if (isJson) return printJson(told)
    for (const key of told.added) print(`+ ${key}`)
    for (const key of told.removed) print(`- ${key}`)
    for (const { kind, key, diff } of told.changed) {
      print(`~ ${kind === 'set' ? 'metadata of all' : key}`, ...diff.map((line) => `    ${line}`))
    }
    if (told.added.length + told.removed.length + told.changed.length === 0) print(`Nothing differs from ${told.at}.`)
  })

export const exportFlags = (connection: Connection, { path }: Asked) =>
  ending(async () => printJson(await answerOf<unknown>(connection, `GET ${path}` as 'GET /')))

interface Tried {
  value: unknown
  variant: string | null
  reason: string
  because: string
  source: string
  number: string | null
  error_message: string | null
  steps: { text: string; depth: number }[]
}

/** What a flag answers for somebody, and why, step by step. */
export const tryFlag = (connection: Connection, { body, isJson }: Asked) =>
  ending(async () => {
    const { definition: file, context = {}, ...rest } = body ?? {}
    const definition = typeof file === 'string' ? await readJson(file) : undefined
    const asked = { ...rest, context, ...(definition && { definition }) }
    const told = await answerOf<Tried>(connection, 'POST /v1/flags/try', asked)
    if (isJson) return printJson(told)
    const { value, variant, reason, because, source, number, steps } = told
    print(`${variant ?? 'the default of the code'}${value === null ? '' : ` = ${JSON.stringify(value)}`}  (${reason})`)
    print(because, ...steps.map(({ text: says, depth }) => `  ${'  '.repeat(depth)}${says}`))
    print(`From ${source}${number === null ? '' : `, ${number}`}.`)
  })

interface Fleet {
  epoch: number | null
  seq: number | null
  data: Member[]
}
interface Member {
  application: string
  instance: string
  epoch: number
  seq: number
  source: string
  reported_at: string
  fallbacks: Record<string, number>
  faults: { code: string; detail: string }[]
}

/** Who answers by which number: in one line, and then everybody who is not on the newest or has something to tell. */
export const showFleet = (connection: Connection, { isJson }: Asked) =>
  ending(async () => {
    const fleet = await answerOf<Fleet>(connection, 'GET /v1/flags/fleet')
    if (isJson) return printJson(fleet)
    const numberOf = ({ epoch, seq }: { epoch: number | null; seq: number | null }) =>
      epoch === null ? 'no number' : `e${epoch}.s${seq}`
    const groups = [...Map.groupBy(fleet.data, numberOf)].map(([number, members]) => `${members.length} on ${number}`)
    print(`Access serves ${numberOf(fleet)}. Processes: ${groups.join(', ') || 'none has reported'}.`)
    const odd = fleet.data.filter((member) => numberOf(member) !== numberOf(fleet) || told(member) !== '')
    if (odd.length === 0) return
    const rows = odd.map((member) => ({ ...member, number: numberOf(member), told: told(member) }))
    const columns = ['application', 'instance', 'number', 'source', 'reported_at', 'told'] as const
    process.stdout.write(
      tableOf(
        columns.map((name) => [name.replace('_at', ''), name] as const),
        rows,
      ),
    )
  })

function told({ fallbacks, faults }: Member): string {
  const served = Object.entries(fallbacks).map(([key, count]) => `${count} × the default of the code for ${key}`)
  return [...faults.map(({ detail }) => detail), ...served].join('; ')
}

export const flagAt = (connection: Connection, key: string) => answerOf<Flag>(connection, `GET /v1/flags/${at(key)}`)
