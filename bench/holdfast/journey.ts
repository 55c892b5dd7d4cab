import type { OpenJourney } from '../load/ask.ts'
import { openPerson } from '../load/person.ts'
import { bodyOf, cookiesSetBy, statusOf } from '../load/raw-client.ts'
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts'

export interface SignInSetup {
  smtpPort: number
  /** `/auth` through an app, nothing at access itself. */
  prefix: '' | '/auth'
}

/** One for a mail server's port: two contestants may share an installation. */
const sinks = new Map<number, Promise<SmtpSink>>()

/** The whole of a sign-in by an e-mailed code, each time by another person from another network, in a new browser. */
export const openJourney = (async (url: string, { smtpPort, prefix }: SignInSetup) => {
  if (!sinks.has(smtpPort)) sinks.set(smtpPort, startSmtpSink(smtpPort))
  const sink = await sinks.get(smtpPort)!
  return () => {
    const person = openPerson(url)
    return async (index: number) => {
      const email = `load${prefix.replace('/', '-')}-${index}@bench.test`
      const headers = [`x-forwarded-for: ${networkOf(index)}`]
      const code = sink.codeFor(email)
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
