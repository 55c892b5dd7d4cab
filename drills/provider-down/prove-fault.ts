import { openBrowser } from './browser.ts'
import type { Customer, FaultKind } from './customers.ts'
import type { RunningOutside } from './start-outside.ts'

/** What a client of the drill's own met at a provider: it asks what every relying party has to ask. */
export interface Look {
  atMs: number
  discovery: Met
  keys: Met
  token: Met
}

/** An answer, or the code of what came in its place. */
export interface Met {
  status: number | null
  code: string | null
  isJson: boolean
  kids: string[]
  /** By how much its clock is ahead of ours, by the Date of its answer. */
  aheadS: number | null
}

export interface Proof {
  isProven: boolean
  /** What it rests on, for the card. */
  rests: Record<string, number | string | boolean | null>
}

/** A provider that takes longer has not answered: a person would have left. */
const LOOK_DEADLINE_MS = 2500
const AHEAD_S_MIN = 300

/** The addresses are those that the double has; a provider that is down could not be asked for them. */
export async function lookAt(outside: RunningOutside, { key }: Customer, nowMs: () => number): Promise<Look> {
  const issuer = outside.issuers[key]!
  const ask = (path: string, method: 'GET' | 'POST') => meet(outside, new URL(path, issuer), method)
  const [discovery, keys, token] = await Promise.all([
    ask('/.well-known/openid-configuration', 'GET'),
    ask('/jwks', 'GET'),
    ask('/token', 'POST'),
  ])
  return { atMs: nowMs(), discovery, keys, token }
}

async function meet(outside: RunningOutside, url: URL, method: 'GET' | 'POST'): Promise<Met> {
  const browser = openBrowser({ authority: outside.authority, names: outside.names.path })
  const signal = AbortSignal.timeout(LOOK_DEADLINE_MS)
  const form = { grant_type: 'authorization_code', code: 'nobody-gave-it' }
  try {
    const { status, body, date } = await browser.open(url, method === 'POST' ? { method, form, signal } : { signal })
    const read = readJson(body)
    return {
      status,
      code: null,
      isJson: read !== undefined,
      kids: ((read as { keys?: { kid: string }[] })?.keys ?? []).map(({ kid }) => kid),
      aheadS: date === null ? null : Math.round((date.getTime() - Date.now()) / 1000),
    }
  } catch (error) {
    const code = signal.aborted ? 'no answer' : ((error as { code?: string }).code ?? 'an error')
    return { status: null, code, isJson: false, kids: [], aheadS: null }
  }
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

export const isWell = ({ discovery, keys, token }: Look) =>
  discovery.status === 200 && discovery.isJson && keys.kids.length > 0 && token.status !== null && token.status < 429

/** Of one look, while the fault lasts; `before` is the last look before it. */
const shows: Record<FaultKind, (look: Look, before: Look) => boolean> = {
  unavailable: ({ discovery, keys, token }) => [discovery, keys, token].every(({ status }) => status === 503),
  hang: ({ discovery, keys, token }) => [discovery, keys, token].every(({ code }) => code === 'no answer'),
  drip: ({ discovery, keys }) => [discovery, keys].every(({ code }) => code === 'no answer'),
  reset: ({ discovery, keys, token }) => [discovery, keys, token].every(({ code }) => code === 'ECONNRESET'),
  name: ({ discovery, keys, token }) => [discovery, keys, token].every(({ code }) => code === 'ENOTFOUND'),
  tls_expired: ({ discovery, token }) => [discovery, token].every(({ code }) => code === 'CERT_HAS_EXPIRED'),
  tls_wrong_host: ({ discovery, token }) =>
    [discovery, token].every(({ code }) => code === 'ERR_TLS_CERT_ALTNAME_INVALID'),
  html: ({ discovery }) => discovery.status === 200 && !discovery.isJson,
  limited: ({ token }) => token.status === 429,
  keys_503: ({ keys }) => keys.status === 503,
  keys_empty: ({ keys }) => keys.status === 200 && keys.isJson && keys.kids.length === 0,
  keys_rotated: ({ keys }, before) => keys.kids.length > 0 && keys.kids.every((kid) => !before.keys.kids.includes(kid)),
  future: ({ discovery }) => (discovery.aheadS ?? 0) > AHEAD_S_MIN,
  // Either half of it, or the step from one to the other, is met by looking at some moment.
  flap: (look) => isWell(look) || [look.discovery, look.keys, look.token].some(({ code }) => code !== null),
  keys_outlived: ({ keys }) => keys.status === 503,
}

/** Well before, hurt in every look while it lasts, well again afterwards. */
export function prove(fault: FaultKind, seen: { before: Look; during: Look[]; after: Look | null }): Proof {
  const { before, during, after } = seen
  const hurt = during.filter((look) => shows[fault](look, before)).length
  const bothHalves = fault !== 'flap' || (during.some(isWell) && during.some((look) => !isWell(look)))
  const { discovery, keys, token } = during[0] ?? before
  const told = ({ status, code }: Met) => code ?? status
  return {
    isProven:
      isWell(before) && during.length >= 2 && hurt === during.length && bothHalves && after !== null && isWell(after),
    rests: {
      ...{ well_before: isWell(before), looks: during.length, hurt, well_after: after !== null && isWell(after) },
      ...{ discovery: told(discovery), keys: told(keys), token: told(token) },
    },
  }
}
