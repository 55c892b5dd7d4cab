import type { OpenJourney } from '../load/ask.ts'
import { openPerson } from '../load/person.ts'
import { bodyOf, cookiesSetBy, statusOf } from '../load/raw-client.ts'
import { listenForCodes } from './code-lines.ts'
import type { Codes } from './codes.ts'
import { startSmtpSink } from './smtp-sink.ts'

export interface SignInSetup {
  /** Where the generator listens for mail, or for the codes alone. */
  port: number
  by: 'mail' | 'line'
  /** `/auth` through an app, nothing at access itself. */
  prefix: '' | '/auth'
}

/** One for a port: two contestants may share an installation. */
const listening = new Map<number, Promise<Codes>>()

/** The whole of a sign-in by an e-mailed code, each time by another person from another network, in a new browser. */
export const openJourney = (async (url: string, { port, by, prefix }: SignInSetup) => {
  if (!listening.has(port)) listening.set(port, by === 'mail' ? startSmtpSink(port) : listenForCodes(port))
  const codes = await listening.get(port)!
  return () => {
    const person = openPerson(url)
    return async (index: number) => {
      const email = `load${prefix.replace('/', '-')}-${index}@bench.test`
      const headers = [`x-forwarded-for: ${networkOf(index)}`]
      const code = codes.codeFor(email)
      code.catch(() => {})
      const started = await person.post(`${prefix}/v1/sign-in/email`, { email }, headers)
      if (statusOf(started) !== 202) return `asking for a code was answered ${statusOf(started)}`
      const { challenge_id } = JSON.parse(bodyOf(started)) as { challenge_id: string }
      const cookie = `cookie: ${cookiesSetBy(started).join('; ')}`
      const answer = { challenge_id, code: await code }
      const verified = await person.post(`${prefix}/v1/sign-in/email/verify`, answer, [...headers, cookie])
      return statusOf(verified) === 200 ? null : `the code was answered ${statusOf(verified)}`
    }
  }
}) satisfies OpenJourney

/** Another /24 each: limits count by network, and ten thousand people do not sit in one office. */
function networkOf(index: number): string {
  return `10.${(index >> 8) & 255}.${index & 255}.7`
}
