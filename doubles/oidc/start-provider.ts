import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { makeKey } from './keys.ts'
import { forgeIdToken } from './lies.ts'
import type { Behaviour, Endpoint, Order, Person, ProviderSettings, RelyingParty, Standing } from './settings.ts'
import { answerInteraction } from './sign-in-page.ts'
import { openStore } from './store.ts'

export interface OidcProvider extends AsyncDisposable {
  issuer: string
  port: number
  /** Does it from now on, and says how things stand afterwards. */
  order(order: Order): Promise<Standing>
  /** Nobody listens there any more, and whoever is connected is cut off. */
  stop(): Promise<void>
  /** As another process at the same address: with other keys, and nobody signed in. Its clients are as they were. */
  startAgain(): Promise<void>
}

const PATHS: Record<string, Endpoint> = {
  '/.well-known/openid-configuration': 'discovery',
  '/jwks': 'keys',
  '/auth': 'authorization',
  '/token': 'token',
  '/me': 'userinfo',
}

/**
 * A real OpenID provider on loopback. Codes, tokens, PKCE and errors are those of oidc-provider; a middleware counts, answers in
 * its place, or forges what it said, when ordered to.
 */
export async function startOidcProvider(settings: ProviderSettings): Promise<OidcProvider> {
  const scene = {
    people: settings.people,
    clients: [...settings.clients],
    keys: [await makeKey()],
    foreign: await makeKey(),
    behaviour: { answers: {}, lie: null, clockAheadSeconds: 0 } as Behaviour,
    requests: { discovery: 0, keys: 0, authorization: 0, token: 0, userinfo: 0 } as Record<Endpoint, number>,
    store: openStore(),
    cookieKeys: [randomUUID()],
  }
  let handle: RequestListener = (_request, response) => response.writeHead(503).end()
  const listener: RequestListener = (request, response) => handle(request, response)
  const { certificate } = settings
  const server = certificate ? createHttpsServer(certificate, listener) : createHttpServer(listener)
  server.on('tlsClientError', () => {
    // A client that does not trust the certificate hangs up: often that is what is tested.
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async () => {
    if (!server.listening) return
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  const issuer = settings.issuer ?? `${certificate ? 'https' : 'http'}://127.0.0.1:${port}`
  const rebuild = () => {
    handle = makeProvider(issuer, scene).callback()
  }
  rebuild()

  return {
    issuer,
    port,
    async order(order) {
      if (order.do === 'use-certificate') (server as HttpsServer).setSecureContext(order.certificate)
      else await follow(order, scene)
      if (order.do !== 'tell' && order.do !== 'behave') rebuild()
      return { issuer, port, kids: scene.keys.map(({ kid }) => kid), requests: { ...scene.requests } }
    },
    stop,
    async startAgain() {
      Object.assign(scene, { keys: [await makeKey()], store: openStore(), cookieKeys: [randomUUID()] })
      rebuild()
      await listen(port)
    },
    [Symbol.asyncDispose]: stop,
  }
}

interface Scene {
  people: Person[]
  clients: RelyingParty[]
  keys: Awaited<ReturnType<typeof makeKey>>[]
  foreign: Awaited<ReturnType<typeof makeKey>>
  behaviour: Behaviour
  requests: Record<Endpoint, number>
  store: ReturnType<typeof openStore>
  cookieKeys: string[]
}

async function follow(order: Order, scene: Scene): Promise<void> {
  if (order.do === 'behave') scene.behaviour = { ...scene.behaviour, ...order.behaviour }
  if (order.do === 'set-people') scene.people = order.people
  if (order.do === 'add-client') scene.clients.push(order.client)
  if (order.do === 'allow-callback') allowCallback(scene, order)
  if (order.do === 'rotate-keys') scene.keys = [await makeKey(), ...(order.overlap ? scene.keys : [])]
  if (order.do !== 'withdraw-key') return
  const left = scene.keys.filter(({ kid }) => kid !== order.kid)
  scene.keys = left.length > 0 ? left : [await makeKey()]
}

/** As its administrator does once the address is known; a client that nobody made is made by nobody. */
function allowCallback(scene: Scene, allowed: { client_id: string; redirect_uri: string }): void {
  scene.clients = scene.clients.map((client) => {
    const isMeant = client.client_id === allowed.client_id && !client.redirect_uris.includes(allowed.redirect_uri)
    return isMeant ? { ...client, redirect_uris: [...client.redirect_uris, allowed.redirect_uri] } : client
  })
}

/** Made anew when keys or clients change: by its public interface they are given once. */
function makeProvider(issuer: string, scene: Scene): Provider {
  const provider: Provider = new Provider(issuer, configuration(scene))
  provider.use(async (context, next) => {
    if (context.path.startsWith('/interaction/')) return answerInteraction(context, provider, scene.people)
    await misbehave(context as KoaContextWithOIDC, next, scene)
  })
  return provider
}

function configuration({ clients, keys, store, cookieKeys, ...scene }: Scene): Configuration {
  const find = (id: string) => scene.people.find(({ sub }) => sub === id)
  return {
    adapter: store,
    clients: clients.map((client) => ({ ...client, grant_types: ['authorization_code', 'refresh_token'] })),
    jwks: { keys },
    cookies: { keys: cookieKeys },
    pkce: { required: () => true },
    // As Google, Auth0 and Entra do it: who it is stands in the id_token as well.
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'tid', 'oid', 'amr'],
      email: ['email', 'email_verified'],
      profile: ['name', 'picture', 'locale'],
    },
    routes: { authorization: '/auth', token: '/token', jwks: '/jwks', userinfo: '/me' },
    ttl: {
      AccessToken: 600,
      AuthorizationCode: 60,
      IdToken: 600,
      RefreshToken: 86_400,
      Interaction: 600,
      Session: 600,
      Grant: 86_400,
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => {
      const person = find(id)
      return person && { accountId: id, claims: async () => ({ ...person }) }
    },
    // Nobody is asked for consent: it would be a page that tests nothing of ours.
    async loadExistingGrant(context) {
      const { oidc } = context
      const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
      grant.addOIDCScope(String(oidc.params!.scope))
      await grant.save()
      return grant
    },
  }
}

async function misbehave(context: KoaContextWithOIDC, next: () => Promise<unknown>, scene: Scene): Promise<void> {
  const endpoint = PATHS[context.path]
  if (endpoint) scene.requests[endpoint]++
  const { behaviour } = scene
  const instead = endpoint && behaviour.answers[endpoint]
  if (instead) {
    context.status = instead.status
    context.set({ 'content-type': 'text/html', ...instead.headers })
    context.body = instead.body
  } else {
    await next()
    lieAfterwards(context, endpoint, scene)
  }
  if (behaviour.clockAheadSeconds === 0) return
  context.set('date', new Date(Date.now() + behaviour.clockAheadSeconds * 1000).toUTCString())
}

function lieAfterwards(context: KoaContextWithOIDC, endpoint: Endpoint | undefined, scene: Scene): void {
  const { behaviour, keys, foreign } = scene
  const { lie, clockAheadSeconds } = behaviour
  const body = context.body as Record<string, unknown> | undefined
  if (endpoint === 'token' && typeof body?.id_token === 'string' && (lie || clockAheadSeconds)) {
    if (lie === 'missing-id-token') delete body.id_token
    else body.id_token = forgeIdToken(body.id_token, { behaviour, own: keys[0]!, foreign })
    context.body = { ...body }
  }
  if (endpoint === 'userinfo' && lie === 'userinfo-wrong-subject') context.body = { ...body, sub: 'somebody-else' }
  const location: string | undefined = context.response.get('location')
  if (lie !== 'callback-wrong-issuer' || !location?.includes('code=')) return
  const callback = new URL(location)
  callback.searchParams.set('iss', 'https://issuer.example.test')
  context.set('location', callback.href)
}
