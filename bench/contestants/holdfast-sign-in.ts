import type { Contestant } from '../contestant.ts'
import type { SignInSetup } from '../holdfast/journey.ts'

/**
 * Access sends at most a thousand mails at once and twenty a second from then on. A measurement takes less than what is
 * refilled between two, and nobody is told to slow down: the limit stays in force.
 */
const SIGN_INS_MAX = 400

export const holdfastSignIn: Contestant = {
  name: 'holdfast-sign-in',
  measure: 'sign-in',
  about:
    'Holdfast: ask for a code, read it from the mail, give it back; SMTP to a server that keeps nothing, each person new',
  ratioTo: 'two-statements',
  needs: 'holdfast',
  async start(scene) {
    const { url, smtpPort, roots } = await scene.holdfast()
    const setup: SignInSetup = { smtpPort, prefix: '' }
    const module = new URL('../holdfast/journey.ts', import.meta.url).href
    return { ask: { kind: 'journey', url, module, setup }, roots, operationsMax: SIGN_INS_MAX }
  },
}
