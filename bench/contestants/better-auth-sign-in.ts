import { CODE, serveBetterAuth } from '../peers/serve-better-auth.ts'
import type { Contestant } from '../contestant.ts'
import type { OpenJourney } from '../load/ask.ts'
import { openPerson } from '../load/person.ts'
import { statusOf } from '../load/raw-client.ts'
import { type Open, startPeer } from '../peers/peer.ts'

export const betterAuthSignIn: Contestant = {
  name: 'better-auth-sign-in',
  measure: 'sign-in',
  about: 'Better Auth: ask for a code, give it back; a mailer that does nothing, each person new',
  ratioTo: 'two-statements',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async ({ databaseUrl }) => {
  return { ask: { kind: 'journey', url: await serveBetterAuth(databaseUrl), module: import.meta.url, setup: null } }
}

export const openJourney: OpenJourney = async (url) => () => {
  const person = openPerson(url)
  return async (index) => {
    const email = `load-${index}@bench.test`
    const sent = await person.post('/api/auth/email-otp/send-verification-otp', { email, type: 'sign-in' })
    if (statusOf(sent) !== 200) return `asking for a code was answered ${statusOf(sent)}`
    const signedIn = await person.post('/api/auth/sign-in/email-otp', { email, otp: CODE })
    return statusOf(signedIn) === 200 ? null : `the code was answered ${statusOf(signedIn)}`
  }
}
