import { ask, farCursor } from './ask.ts'
import type { Credentials } from './credentials.ts'
import type { Example } from './examples.ts'
import type { RecordedAccess } from './open-recorded.ts'
import { type Plan, planOf } from './plan.ts'
import type { Queries } from '../platform/database/index.ts'

/** What an address asks of PostgreSQL, statement by statement. */
export interface Page {
  name: string
  plans: Plan[]
}

export interface Planning {
  access: RecordedAccess
  credentials: Credentials
  db: Queries
  rowsOf: ReadonlyMap<string, number>
}

/** What stands behind the name of an example in lists for people. */
export const nameOf = ({ path, name, as }: Example) => `GET ${path} · ${name}${as === 'token' ? '' : ` (${as})`}`

/** Statements by which somebody is let in belong to no page. */
const OF_GUARDS = new Set(['ground/tokens/findTokenByDigest', 'access/sessions/sessionsByHandle'])

export async function pageOf({ access, credentials, db, rowsOf }: Planning, example: Example): Promise<Page> {
  const { cursor } = example.isDeep ? await farCursor(access.url, credentials, example, 1) : { cursor: undefined }
  access.take()
  await ask(access.url, credentials, example)
  if (cursor !== undefined) await ask(access.url, credentials, example, cursor)
  const plans = new Map<string, Plan>()
  for (const recorded of access.take()) {
    if (OF_GUARDS.has(recorded.name)) continue
    const plan = await planOf(db, recorded, rowsOf)
    plans.set(`${plan.name} ${plan.shape.join()}`, plan)
  }
  const inOrder = [...plans.entries()].toSorted(([one], [other]) => (one < other ? -1 : 1))
  return { name: nameOf(example), plans: inOrder.map(([, plan]) => plan) }
}

/** As it is kept in the repository: what changes is seen in a review. */
export function written(pages: readonly Page[]): string {
  return pages
    .map(({ name, plans }) =>
      [name, ...plans.flatMap((plan) => [`  ${plan.name}`, ...plan.shape.map((line) => `    ${line}`)])].join('\n'),
    )
    .join('\n\n')
    .concat('\n')
}

export const complaintsOf = (pages: readonly Page[]) =>
  pages.flatMap(({ name, plans }) =>
    plans.flatMap((plan) => plan.complaints.map((complaint) => `${name}: ${plan.name} ${complaint}`)),
  )
