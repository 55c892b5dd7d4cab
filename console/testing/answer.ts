import type { Condition } from './double.ts'
import type { World } from './world.ts'

export interface Scene {
  world: World
  condition: Condition
  since: string
}

export type Answer = [status: number, body?: unknown, type?: string]

/** What a route of the double is handed: the id of the path, what stands after it, and what was sent. */
export interface Asked {
  id: string | undefined
  under: string | undefined
  deeper: string | undefined
  deepest: string | undefined
  query: URLSearchParams
  body: Record<string, unknown>
  scene: Scene
  world: World
  now: Date
}

/** `GET users` and its like: the method and the first word of the path. */
export type Routes = Record<string, (asked: Asked) => Answer>

export function problem(status: number, code: string, detail: string, more: Record<string, unknown> = {}): Answer {
  return [status, { type: `/docs/problems/${code}`, title: detail, status, code, detail, ...more }]
}

export function nothing({ id }: Pick<Asked, 'id'>): Answer {
  return problem(404, 'sessions.no_such_session', `There is nothing with the id ${id}.`)
}

/** As access words what a schema does not let through. */
export function invalid(at: string, says: string): Answer {
  return problem(400, 'platform.invalid', `The request is not valid: body/${at} ${says}`, {
    errors: [{ at: `body/${at}`, says }],
  })
}

/** A server may give fewer rows than were asked for; a table of this size is quick to hold against axe. */
const ROWS_MAX = 20

export function pageOf<Row>(rows: readonly Row[], query: URLSearchParams): Answer {
  const from = Number(query.get('cursor') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? ROWS_MAX), ROWS_MAX)
  const next = from + limit < rows.length ? String(from + limit) : null
  return [200, { data: rows.slice(from, from + limit), next_cursor: next }]
}

export function matches(query: URLSearchParams, ...texts: readonly (string | null | undefined)[]): boolean {
  const sought = (query.get('query') ?? '').toLowerCase()
  return texts.some((text) => text?.toLowerCase().includes(sought))
}

/** True when a filter is not set, or set to this. */
export function is(query: URLSearchParams, name: string, value: string | null | undefined): boolean {
  const wanted = query.get(name)
  return wanted === null || wanted === value
}

let made = 0
export function newId(prefix: string): string {
  made += 1
  return `${prefix}_01kanew${String(made).padStart(6, '0')}9zvq4m8t2xk`
}
