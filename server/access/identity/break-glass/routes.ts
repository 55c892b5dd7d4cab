import { Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { json, on, orNull, ProblemShape, type Route, Time } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { FRESH_SIGN_IN_MS } from '../../sessions/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { CODES_IN_SET } from './code.ts'
import { BreakGlassForm, postBreakGlass, showBreakGlass } from './hosted.ts'
import { printCodes } from './print-codes.ts'
import * as queries from './queries.ts'

const text = (description: string, example: string) => Type.String({ description, examples: [example] })
const Sets = Type.Object({
  sets: Type.Array(
    Type.Object({
      user: Type.Object(
        {
          id: text('The id of the person.', 'usr_01jd7s5x8r3w'),
          email: orNull(text('Their address.', 'ana@acme.example')),
          name: orNull(text('Their name.', 'Ana Álvarez')),
        },
        { description: 'Whose codes.' },
      ),
      printed_at: Time('When.'),
      left: Type.Integer({ description: `How many of ${CODES_IN_SET} were not used yet.`, examples: [9] }),
    }),
    { description: 'One for each person who has codes; never the codes.' },
  ),
})
const Printed = Type.Object({
  codes: Type.Array(text('', '7Q4K-2MXB-9D8H-TR3F'), {
    description: 'Told this once: print them and put them where only you get at them. Each works once.',
  }),
})

/** The way into the console while no mail can be sent, as a table. */
export function breakGlassRoutes(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const frame = { tag: 'pages', kind: 'page' } as const
  return [
    on('GET /sign-in/break-glass', { ...frame, summary: 'Sign in by a printed code' }, (call) =>
      showBreakGlass(parts, call),
    ),
    on('POST /sign-in/break-glass', { ...frame, summary: 'Use a printed code', body: BreakGlassForm }, (call) =>
      postBreakGlass(parts, call),
    ),
    on(
      'GET /v1/break-glass-codes',
      {
        tag: 'staff',
        summary: 'Who has printed codes, and how many are left',
        guard: guards.staff('settings:read'),
        answers: { 200: Sets },
      },
      async () => json(200, { sets: await listSets(parts) }),
    ),
    on(
      'POST /v1/break-glass-codes',
      {
        tag: 'staff',
        summary: 'Print a new set of codes for oneself',
        description: 'For an administrator, signed in within the last ten minutes. The set before is void.',
        guard: guards.staff('settings:write', { freshWithinMs: FRESH_SIGN_IN_MS }),
        isIdempotent: true,
        answers: { 201: Printed, 403: ProblemShape },
      },
      (call) =>
        once(parts, call, async (db) => {
          const { kind, id: userId } = call.actor!
          if (kind !== 'person') throw refuse('codes_for_administrators')
          return json(201, { codes: await printCodes(parts, db, { userId, by: byCaller(call) }) })
        }),
    ),
  ]
}

async function listSets({ db }: Parts) {
  const sets = await queries.listSets(db)
  const people = await queries.peopleById(
    db,
    sets.map((set) => set.user_id),
  )
  return sets.map(({ user_id, printed_at, left }) => {
    const { email = null, name = null } = people.find(({ id }) => id === user_id) ?? {}
    return { user: { id: user_id, email, name }, printed_at, left }
  })
}
