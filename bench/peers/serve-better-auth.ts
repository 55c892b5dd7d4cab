import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BetterAuthOptions, betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { emailOTP } from 'better-auth/plugins'
import pg from 'pg'

/** node-postgres' own default, as its documentation sets it up. */
const CONNECTIONS = 10

/** Whoever asks is sent this code: the generator reads nobody's mail. */
export const CODE = '482913'

/**
 * Better Auth as its documentation sets it up for PostgreSQL: kysely over a pool of node-postgres, e-mailed codes through
 * a mailer that does nothing. Its limit of requests an address is off, as it is for ours behind a trusted proxy.
 */
export async function serveBetterAuth(
  databaseUrl: string,
  session: BetterAuthOptions['session'] = {},
): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const options = {
    baseURL: url,
    secret: 'a secret of the bench, which is 32 long or longer',
    database: new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS }),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    session,
    plugins: [emailOTP({ generateOTP: () => CODE, async sendVerificationOTP() {} })],
  } satisfies BetterAuthOptions
  const { runMigrations } = await getMigrations(options)
  await runMigrations()
  server.on('request', toNodeHandler(betterAuth(options)))
  return url
}

/** Signs people in as they would, and returns a `cookie:` line for each. */
export async function signInPeople(url: string, count: number): Promise<string[]> {
  const lines: string[] = []
  for (let index = 0; index < count; index++) {
    const email = `person-${index}@bench.test`
    await post(url, '/email-otp/send-verification-otp', { email, type: 'sign-in' })
    const { headers } = await post(url, '/sign-in/email-otp', { email, otp: CODE })
    lines.push(
      `cookie: ${headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ')}`,
    )
  }
  return lines
}

async function post(url: string, path: string, body: unknown): Promise<Response> {
  const answer = await fetch(`${url}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`Better Auth answered ${answer.status}: ${await answer.text()}`)
  await answer.arrayBuffer()
  return answer
}
