import Fastify from 'fastify'
import { generateKeyPair, jwtVerify, SignJWT } from 'jose'
import type { Contestant } from '../contestant.ts'
import { listen } from '../peers/listen.ts'
import { type Open, startPeer } from '../peers/peer.ts'
import { cookieLine, SESSIONS, tokenOf } from '../peers/tokens.ts'

export const joseVerify: Contestant = {
  name: 'jose-verify',
  measure: 'session check',
  about: 'jose jwtVerify of an ES256 token on every request, in a Fastify route; ends nobody’s session early',
  ratioTo: 'bare-fastify',
  start: (scene) => startPeer(scene, import.meta.url),
}

export const open: Open = async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const names = { issuer: 'https://id.bench.test', audience: 'app' }
  const sign = (index: number) =>
    new SignJWT({ sid: `ses_${index}`, user: `usr_${index}` })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(names.issuer)
      .setAudience(names.audience)
      .setExpirationTime('1h')
      .sign(privateKey)
  const tokens = await Promise.all(Array.from({ length: SESSIONS }, (_, index) => sign(index)))
  const app = Fastify()
  app.get('/session', async (request) => {
    const { payload } = await jwtVerify(tokenOf(request.headers.cookie), publicKey, names)
    return payload
  })
  const credentials = tokens.map(cookieLine)
  return { ask: { kind: 'request', url: await listen(app), path: '/session', credentials, expect: '"user"' } }
}
