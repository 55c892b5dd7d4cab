import type { Scope } from '../../../ground/environment/index.ts'
import type { Guard } from '../../../platform/http/index.ts'
import { openTestServer, type TestServer } from '../../../platform/http/testing.ts'
import { refusals } from '../../../platform/refusal.ts'
import type { TestDatabase } from '../../../platform/testing/index.ts'
import { type FlagsRig, fakeClock, flagsDatabase, openRig } from '../testing.ts'
import { managementRoutes } from './index.ts'

const refuse = refusals('sessions', {
  not_allowed: [403, 'This needs {scope}.'],
  not_signed_in: [401, 'Nobody is signed in.'],
})

/** Tokens by what they may do: `everything`, or one scope. */
export const tokenFor = (may: 'everything' | Scope) => `hf_test_tok_${may.replace(':', '-').padEnd(43, 'a')}`

const scopeOf = (authorization: string | undefined) =>
  /^Bearer hf_test_tok_([a-z-]+?)a*$/.exec(authorization ?? '')?.[1]

function staff(scope: Scope): Guard {
  return async ({ headers }) => {
    const may = scopeOf(headers.authorization)
    if (!may) throw refuse('not_signed_in')
    const isAllowed = 'everything'.startsWith(may) || scope.replace(':', '-').startsWith(may)
    if (!isAllowed) throw refuse('not_allowed', { scope })
    return { kind: 'token', id: 'tok_1', sessionId: null, isStaff: true, impersonatorId: null }
  }
}

export interface Told {
  status: number
  headers: Headers
  /** What was answered, as it is read in a test. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects, and fails where it is otherwise.
  body: any
}

export interface ManagedFlags extends AsyncDisposable {
  database: TestDatabase
  rig: FlagsRig
  web: TestServer
  ask(
    line: string,
    body?: unknown,
    more?: { may?: 'everything' | Scope; headers?: Record<string, string> },
  ): Promise<Told>
}

/** Flags of one process of access, asked over HTTP as programs and the console ask. */
export async function openManagedFlags(): Promise<ManagedFlags> {
  const database = await flagsDatabase()
  const clock = fakeClock()
  const rig = await openRig({ databaseUrl: database.databaseUrl, clock })
  await rig.flags.follow()
  const labelsOf = async (kind: string, ids: readonly string[]) =>
    new Map(kind === 'token' ? ids.map((id): [string, string] => [id, 'Ops']) : [])
  const web = await openTestServer([
    ...rig.flags.routes.map((route) =>
      route.path.endsWith('/fleet') ? { ...route, options: { ...route.options, guard: staff('flags:read') } } : route,
    ),
    ...managementRoutes({ flags: rig.flags, clock, labelsOf, staff }),
  ])
  return {
    database,
    rig,
    web,
    async ask(line, body, { may = 'everything', headers = {} } = {}) {
      const [method, path] = line.split(' ') as [string, string]
      const authorization = `Bearer ${tokenFor(may)}`
      const said = body !== undefined && { body: JSON.stringify(body) }
      const type = body !== undefined && { 'content-type': 'application/json' }
      const answer = await web.ask(path, { method, ...said, headers: { authorization, ...type, ...headers } })
      return { status: answer.status, headers: answer.headers, body: answer.problem }
    },
    async [Symbol.asyncDispose]() {
      await web[Symbol.asyncDispose]()
      await rig[Symbol.asyncDispose]()
      await database.drop()
    },
  }
}
