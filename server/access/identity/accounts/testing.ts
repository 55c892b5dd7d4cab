import { grantAdministrator } from '../../../ground/environment/index.ts'
import { type IdentityRig, type Seen, seed, type TestBrowser } from '../testing.ts'

/** A browser in which an administrator is signed in to the console, and asks the API as it does. */
export interface Staff {
  id: string
  browser: TestBrowser
  ask(line: string, body?: unknown, headers?: Record<string, string>): Promise<Seen>
}

export async function signInStaff(
  rig: IdentityRig,
  email: string,
  role: 'administrator' | 'support' = 'administrator',
) {
  const id = await seed(rig, email)
  await grantAdministrator(rig.db, id, 'test', rig.clock.now())
  if (role === 'support') {
    const { sql } = await import('../../../platform/database/index.ts')
    await rig.db.run(sql`update environment.administrator set role = 'support' where user_id = ${id}`)
  }
  await rig.administrators.reload()
  const browser = rig.browser()
  await browser.signIn(rig, email, { application: 'console' })
  return { id, browser, ask: asker(browser) } satisfies Staff
}

export function asker(browser: TestBrowser, audience: Record<string, string> = { 'holdfast-audience': 'console' }) {
  return (line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Seen> => {
    const [method = 'GET', path = ''] = line.split(' ')
    return browser.request(path, {
      method,
      headers: {
        accept: 'application/json',
        origin: 'http://localhost:4000',
        ...audience,
        ...headers,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
}

const TURNS_MAX = 50

/** The newest mail of this purpose to an address, once delivery has it. */
export async function mailAbout(rig: IdentityRig, to: string, purpose: string) {
  const find = () => rig.sent.findLast((mail) => mail.to === to && mail.purpose === purpose)
  for (let turn = 0; turn < TURNS_MAX && !find(); turn++) await new Promise((resolve) => setImmediate(resolve))
  const mail = find()
  if (!mail) throw new Error(`no mail about ${purpose} was sent to ${to}`)
  return mail
}

/** What to type, from the subject of a mail. */
export function codeIn(mail: { subject: string }): string {
  const [, one = '', other = ''] = /(\d{3}) (\d{3})/.exec(mail.subject) ?? []
  return one + other
}

/** The first link of ours in a mail, as a path. */
export function linkIn(mail: { text: string }, part: string): string {
  const url = mail.text.split(/\s+/).find((word) => word.includes(part)) ?? ''
  return new URL(url).pathname
}

export async function sessionOf(browser: TestBrowser): Promise<Seen> {
  return browser.request('/v1/session', { method: 'GET', headers: { accept: 'application/json' } })
}
