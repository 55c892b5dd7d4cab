import { join } from 'node:path'
import { Holdfast } from '../../../sdk/index.ts'
import type { Contestant, Scene } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { KEY, people } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'

/** What the SDK needs to follow the installation of the bench. */
export interface SdkSetup {
  url: string
  key: string
  folder: string
}

const READY_MS = 15_000

export const native: Contestant = {
  name: 'holdfast-native',
  measure: 'evaluation',
  about: 'Holdfast flags.details of the SDK, following access: value, variant, reason, source, number and age',
  ratioTo: 'flagd-core',
  needs: 'flags',
  isByCpu: true,
  start: async (scene) => startPeer(scene, import.meta.url, await sdkSetup(scene, 'native')),
}

export async function sdkSetup(scene: Scene, name: string): Promise<SdkSetup> {
  const { url, applicationKey } = await scene.flags()
  return { url, key: applicationKey, folder: join(scene.stage.folder, `sdk-${name}`) }
}

export async function openSdk(own: unknown): Promise<Holdfast> {
  const { url, key, folder } = own as SdkSetup
  const holdfast = new Holdfast({ url, key, dataDir: folder })
  if (!(await holdfast.flags.ready(READY_MS))) throw new Error(`No flags: ${JSON.stringify(holdfast.status().flags)}`)
  return holdfast
}

export const load: Load = async (_count, own) => {
  const { flags } = await openSdk(own)
  return { isOn: (index) => flags.details(KEY, false, people[index]!).value }
}
export const open = evaluating(load)
