import { join } from 'node:path'
import { freePorts } from '../../drills/frame/loopback.ts'
import type { Contestant } from '../contestant.ts'
import type { SignInSetup } from '../holdfast/journey.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { type MailerlessSetup, startMailerless } from '../holdfast/start-mailerless.ts'

export const holdfastSignIn: Contestant = {
  name: 'holdfast-sign-in',
  measure: 'sign-in',
  about: 'Holdfast: ask for a code, give it back; a mailer that does nothing, each person new',
  ratioTo: 'two-statements',
  async start(scene) {
    const [accessPort, codePort] = (await freePorts(2)) as [number, number]
    const setup: MailerlessSetup = { accessPort, codePort, folder: join(scene.stage.folder, 'mailerless') }
    return startPeer(scene, import.meta.url, setup)
  },
}

export const open: Open = async ({ databaseUrl, own }) => {
  const { codePort } = own as MailerlessSetup
  const url = await startMailerless(databaseUrl, own as MailerlessSetup)
  const setup: SignInSetup = { port: codePort, by: 'line', prefix: '' }
  const module = new URL('../holdfast/journey.ts', import.meta.url).href
  return { ask: { kind: 'journey', url, module, setup } }
}
