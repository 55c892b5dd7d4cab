import { OpenFeature } from '@openfeature/server-sdk'
import { HoldfastProvider } from '../../../sdk/openfeature.ts'
import type { Contestant } from '../../contestant.ts'
import { evaluating, type Load } from '../../flags/evaluating.ts'
import { KEY, people } from '../../flags/same-rule.ts'
import { startPeer } from '../../peers/peer.ts'
import { openSdk, sdkSetup } from './native.ts'

export const openfeatureHoldfast: Contestant = {
  name: 'openfeature-holdfast',
  measure: 'evaluation',
  about: 'the same through the client of @openfeature/server-sdk and our provider: getBooleanDetails',
  ratioTo: 'openfeature-flagd-core',
  needs: 'flags',
  isByCpu: true,
  start: async (scene) => startPeer(scene, import.meta.url, await sdkSetup(scene, 'openfeature')),
}

export const load: Load = async (_count, own) => {
  const { flags } = await openSdk(own)
  await OpenFeature.setProviderAndWait(new HoldfastProvider(flags))
  const client = OpenFeature.getClient()
  return { isOnLater: async (index) => (await client.getBooleanDetails(KEY, false, people[index] as never)).value }
}
export const open = evaluating(load)
