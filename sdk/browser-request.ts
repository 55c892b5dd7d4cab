import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { cookieName, cookies } from './contract.ts'

/** What we need to know of a request, whichever framework it came through. */
export interface BrowserRequest {
  method: string
  /** Path and query, as the browser sent them. */
  path: string
  header(name: string): string | undefined
  /** The app's own origin, as the browser sees it. */
  origin: string
  /** Where the browser is; `unknown` (RFC 7239 §6.2) when the framework does not say. */
  address: string
  handle: string | undefined
  proof: string | undefined
}

/** What is believed about where a request came from. */
export interface Site {
  /** The app's public origin; undefined: as the request itself says. */
  origin: string | undefined
  /** Undefined: none. To ask a list, even an empty one, takes as long as all the rest. */
  trustedProxies: BlockList | undefined
}

/** More hops than this in X-Forwarded-For are not believed. */
const HOPS_MAX = 20
/** Cookies of ours that access may see; the console's is not for apps, and the app's own are not for access. */
const OURS = /^(?:__Host-)?hf_(?!console$)[a-z]+$/

/** Reads a request of plain node:http, or of a framework that builds on it (Express, Fastify's `request.raw`). */
export function readNodeRequest(request: IncomingMessage, site: Site): BrowserRequest {
  const socketAddress = plainAddress(request.socket.remoteAddress ?? '')
  const isProxied = isTrusted(socketAddress, site.trustedProxies)
  const header = (name: string) => {
    const value = request.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }
  const isEncrypted = (request.socket as { encrypted?: boolean }).encrypted === true
  const scheme = (isProxied && lastOf(header('x-forwarded-proto'))) || (isEncrypted ? 'https' : 'http')
  const host = (isProxied && lastOf(header('x-forwarded-host'))) || header('host') || 'localhost'
  const isHttps = scheme === 'https'
  const cookie = header('cookie')
  return {
    method: request.method ?? 'GET',
    // Express takes the mount point off `url`, and keeps the whole here.
    path: (request as { originalUrl?: string }).originalUrl ?? request.url ?? '/',
    header,
    origin: site.origin ?? `${isHttps ? 'https' : 'http'}://${host}`,
    address: isProxied
      ? clientAddress(header('x-forwarded-for'), socketAddress, site.trustedProxies)
      : socketAddress || 'unknown',
    ...credentialsIn(cookie, site.origin === undefined ? isHttps : isSecure({ origin: site.origin })),
  }
}

/** Reads a Fetch `Request`. It knows no socket, so the framework has to say where the browser is. */
export function readFetchRequest(request: Request, site: Site, address = 'unknown'): BrowserRequest {
  const url = new URL(request.url)
  const origin = site.origin ?? url.origin
  return {
    method: request.method,
    path: url.pathname + url.search,
    header: (name) => request.headers.get(name) ?? undefined,
    origin,
    address,
    ...credentialsIn(request.headers.get('cookie') ?? undefined, isSecure({ origin })),
  }
}

/** Our cookies and nobody else's, as a Cookie header; undefined when there is none. */
export function ourCookies(request: BrowserRequest): string | undefined {
  const ours = cookiesOf(request.header('cookie')).filter(([name]) => OURS.test(name))
  return ours.length > 0 ? ours.map(([name, value]) => `${name}=${value}`).join('; ') : undefined
}

export const isSecure = (request: Pick<BrowserRequest, 'origin'>) => request.origin.startsWith('https:')

/** Removes our cookies from the browser. Only ever sent with a verdict that is `invalid`, or at the person's own wish. */
export function clearingCookies(request: Pick<BrowserRequest, 'origin'>): string[] {
  return [cookies.handle, cookies.proof].map(
    (name) =>
      `${cookieName(name, isSecure(request))}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${isSecure(request) ? '; Secure' : ''}`,
  )
}

/** A block list of addresses and networks (`10.0.0.0/8`); throws for what is neither. */
export function networksOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits] = range.split('/')
    const family = isIP(network)
    if (!family) throw new Error(`holdfast: trustedProxies: "${range}" is neither an address nor a network.`)
    const type = family === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(network, type)
    else list.addSubnet(network, Number(bits), type)
  }
  return list
}

const [plain, secure] = [false, true].map((isHttps) => ({
  handle: cookieName(cookies.handle, isHttps),
  proof: cookieName(cookies.proof, isHttps),
})) as [Names, Names]
type Names = Record<'handle' | 'proof', string>

function credentialsIn(header: string | undefined, isHttps: boolean): Pick<BrowserRequest, 'handle' | 'proof'> {
  if (header === undefined) return { handle: undefined, proof: undefined }
  const names = isHttps ? secure : plain
  return { handle: firstCookie(header, names.handle), proof: firstCookie(header, names.proof) }
}

/** As `cookiesOf` finds it, cutting out that one alone: an app's jar is full of other cookies. */
export function firstCookie(header: string, wanted: string): string | undefined {
  for (let found = header.indexOf(wanted); found >= 0; ) {
    const semicolon = header.indexOf(';', found)
    const end = semicolon < 0 ? header.length : semicolon
    const pair = header.slice(header.lastIndexOf(';', found) + 1, end)
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === wanted) return pair.slice(at + 1).trim() || undefined
    found = header.indexOf(wanted, end)
  }
  return undefined
}

function cookiesOf(header: string | undefined): [name: string, value: string][] {
  return (header ?? '').split(';').flatMap((pair): [string, string][] => {
    const at = pair.indexOf('=')
    return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]]
  })
}

/** The last hop that is no proxy of ours, read from the right (RFC 7239 §5.2). */
function clientAddress(
  forwardedFor: string | undefined,
  socketAddress: string,
  trusted: BlockList | undefined,
): string {
  const hops = (forwardedFor ?? '').split(',').slice(-HOPS_MAX)
  let address = socketAddress
  for (const hop of hops.reverse()) {
    const next = plainAddress(hop.trim())
    if (!isIP(next)) return address
    address = next
    if (!isTrusted(address, trusted)) return address
  }
  return address
}

const isTrusted = (address: string, trusted: BlockList | undefined) =>
  trusted !== undefined && isIP(address) > 0 && trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** `::ffff:127.0.0.1` and `127.0.0.1` are one address. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

const lastOf = (list: string | undefined) => list?.split(',').at(-1)?.trim()
