import { cookies, headers } from '../../sdk/contract.ts'
import { createHash } from 'node:crypto'
import { ACCOUNT_AUDIENCE, CONSOLE_AUDIENCE } from '../ground/applications/index.ts'
import { allScopes } from '../ground/environment/index.ts'
import type { Queries } from '../platform/database/index.ts'
import { newId, newSecret } from '../platform/id.ts'
import { type Known, giveSession, giveToken } from './queries.ts'

/** Who asks: a program, staff in the console, or a person about themselves. */
export type Caller = 'token' | 'console' | 'person'
export type Credentials = Record<Caller, Record<string, string>>

/** Made straight in the database, which is thrown away with them. The person is the one with the most sessions. */
export async function makeCredentials(db: Queries, known: Known, environment: string, now: Date): Promise<Credentials> {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const token = `hf_${environment}_tok_${newSecret()}`
  await giveToken(db, digest(token), allScopes, now)
  const handleFor = async (audience: string) => {
    const handle = newSecret()
    await giveSession(db, { id: newId('ses', now), userId: known.busiest, audience, digest: digest(handle), now })
    return handle
  }
  return {
    token: { authorization: `Bearer ${token}` },
    console: {
      [headers.audience]: CONSOLE_AUDIENCE,
      cookie: `${cookies.console}=${await handleFor(CONSOLE_AUDIENCE)}`,
    },
    person: { cookie: `${cookies.handle}=${await handleFor(ACCOUNT_AUDIENCE)}` },
  }
}
