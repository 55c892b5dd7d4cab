/**
 * The world outside, in a process of its own: a real OpenID provider for each customer, behind a proxy that can hurt whoever comes
 * through it, and targets that are well all along. The only place of the drills that knows the doubles.
 */
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { makeCertificateAuthority, startToxicProxy, type Toxic, type ToxicProxy } from '../../doubles/index.ts'
import {
  keysEmpty,
  type OidcProvider,
  type Order as ProviderOrder,
  type Person,
  type RelyingParty,
  type Standing,
  startOidcProvider,
  tooManyRequests,
} from '../../doubles/oidc/index.ts'

export type { Person, RelyingParty }

export interface OutsideSetup {
  providers: { key: string; host: string; people: Person[] }[]
  controlHosts: string[]
}

export interface Outside {
  /** PEM: what whoever comes has to trust. */
  authority: string
  issuers: Record<string, string>
  controlUrls: string[]
}

/** What is done to one provider, in words of the drill. */
export type OutsideOrder =
  | { do: 'add-client'; client: RelyingParty }
  | { do: 'answer-503' | 'hang' | 'drip' | 'reset' | 'flap' | 'pass' | 'tell' }
  | { do: 'use-certificate'; kind: 'good' | 'expired' | 'wrong-host' }
  | { do: 'discovery-html' | 'token-429' | 'keys-503' | 'keys-empty' | 'rotate-keys' | 'be-ahead' | 'behave' }

/** How things stand at one provider, by what it and its proxy have counted. */
export type OutsideStanding = Standing & { connections: number }

export type ToOutside =
  | { type: 'setup'; setup: OutsideSetup }
  | { type: 'order'; id: number; key: string; order: OutsideOrder }
export type FromOutside =
  | { type: 'ready'; outside: Outside }
  | { type: 'done'; id: number; standing: OutsideStanding }
  | { type: 'failed'; id: number | null; message: string }

const DAY_MS = 86_400_000
const DRIP_EVERY_MS = 500
/** A handshake; the answer then takes minutes. */
const DRIP_AFTER_BYTES = 1400
const FLAP_MS = 5000
const AHEAD_SECONDS = 600
const RETRY_AFTER_S = 30
const HTML = '<!doctype html><html lang="en"><title>Maintenance</title><p>We will be back shortly.</p></html>'

const authority = makeCertificateAuthority()
const places = new Map<string, Place>()
const say = (message: FromOutside) => process.send?.(message)

process.on('disconnect', () => process.exit())
process.on('SIGINT', () => {})
process.on('message', async (message: ToOutside) => {
  const id = message.type === 'order' ? message.id : null
  try {
    if (message.type === 'setup') say({ type: 'ready', outside: await open(message.setup) })
    else say({ type: 'done', id: message.id, standing: await follow(places.get(message.key)!, message.order) })
  } catch (error) {
    say({ type: 'failed', id, message: error instanceof Error ? error.stack! : String(error) })
  }
})

interface Place {
  host: string
  provider: OidcProvider
  proxy: ToxicProxy
}

async function open({ providers, controlHosts }: OutsideSetup): Promise<Outside> {
  for (const { key, host, people } of providers) {
    // The proxy first: its port is in the issuer, which a provider cannot change.
    const proxy = await startToxicProxy()
    const certificate = authority.issue({ hosts: [host] })
    const issuer = `https://${host}:${proxy.port}`
    const provider = await startOidcProvider({ people, clients: [], issuer, certificate })
    proxy.upstreamPort = provider.port
    places.set(key, { host, provider, proxy })
  }
  return {
    authority: authority.cert,
    issuers: Object.fromEntries([...places].map(([key, { provider }]) => [key, provider.issuer])),
    controlUrls: await Promise.all(controlHosts.map(openControl)),
  }
}

/** Somebody else's site that is always well: whether our own network is, is told by it. */
async function openControl(host: string): Promise<string> {
  const server = createServer(authority.issue({ hosts: [host] }), (_request, response) => {
    response.writeHead(204).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `https://${host}:${(server.address() as AddressInfo).port}/`
}

async function follow({ host, provider, proxy }: Place, order: OutsideOrder): Promise<OutsideStanding> {
  const toxic = toxicOf(order, host)
  if (toxic) await proxy.set(toxic)
  const standing = await provider.order(orderFor(order, host))
  // Who still holds a connection would not see another certificate.
  if (order.do === 'use-certificate') await proxy.set({ kind: 'pass' })
  return { ...standing, connections: proxy.connections }
}

function toxicOf(order: OutsideOrder, host: string): Toxic | undefined {
  if (order.do === 'pass' || order.do === 'hang' || order.do === 'reset') return { kind: order.do }
  if (order.do === 'drip') return { kind: 'drip', everyMs: DRIP_EVERY_MS, afterBytes: DRIP_AFTER_BYTES }
  if (order.do === 'flap') return { kind: 'flap', upMs: FLAP_MS, downMs: FLAP_MS }
  if (order.do !== 'answer-503') return undefined
  const certificate = authority.issue({ hosts: [host] })
  return { kind: 'answer', status: 503, body: HTML, certificate }
}

function orderFor(order: OutsideOrder, host: string): ProviderOrder {
  const behave = (behaviour: Extract<ProviderOrder, { do: 'behave' }>['behaviour']): ProviderOrder => ({
    do: 'behave',
    behaviour,
  })
  if (order.do === 'add-client') return order
  if (order.do === 'use-certificate') return { do: 'use-certificate', certificate: certificateOf(order.kind, host) }
  if (order.do === 'rotate-keys') return { do: 'rotate-keys', overlap: false }
  if (order.do === 'discovery-html') return behave({ answers: { discovery: { status: 200, body: HTML } } })
  if (order.do === 'token-429') return behave({ answers: { token: tooManyRequests(RETRY_AFTER_S) } })
  if (order.do === 'keys-503') return behave({ answers: { keys: { status: 503, body: HTML } } })
  if (order.do === 'keys-empty') return behave({ answers: { keys: keysEmpty } })
  if (order.do === 'be-ahead') return behave({ clockAheadSeconds: AHEAD_SECONDS })
  if (order.do === 'behave') return behave({ answers: {}, clockAheadSeconds: 0 })
  return { do: 'tell' }
}

function certificateOf(kind: 'good' | 'expired' | 'wrong-host', host: string) {
  if (kind === 'wrong-host') return authority.issue({ hosts: ['somebody-else.drill.test'] })
  if (kind === 'good') return authority.issue({ hosts: [host] })
  const [from, until] = [new Date(Date.now() - 2 * DAY_MS), new Date(Date.now() - 3_600_000)]
  return authority.issue({ hosts: [host], from, until })
}
