import type { Certificate } from '../certificates.ts'

/** What the provider says of a person; every claim beside `sub` is told as it stands here. */
export interface Person {
  sub: string
  email?: string
  email_verified?: boolean
  [claim: string]: unknown
}

export interface RelyingParty {
  client_id: string
  client_secret: string
  redirect_uris: string[]
}

export interface ProviderSettings {
  people: Person[]
  clients: RelyingParty[]
  /** What it calls itself; its own address by default. Another one where a proxy stands before it. */
  issuer?: string
  /** With one it speaks https. */
  certificate?: Certificate
}

export type Endpoint = 'discovery' | 'keys' | 'authorization' | 'token' | 'userinfo'

/** What is said in the place of the provider. */
export interface Answer {
  status: number
  headers?: Record<string, string>
  body: string
}

export const keysEmpty: Answer = json(200, { keys: [] })
export const invalidGrant: Answer = json(400, { error: 'invalid_grant' })
export const tooManyRequests = (seconds: number): Answer => ({
  ...json(429, { error: 'temporarily_unavailable' }),
  headers: { 'content-type': 'application/json', 'retry-after': String(seconds) },
})

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** Everything a hostile provider is made to say that is not so; `lies.ts` tells each. */
export const lies = [
  'wrong-issuer',
  'wrong-audience',
  'wrong-nonce',
  'wrong-subject',
  'missing-issuer',
  'missing-audience',
  'missing-subject',
  'missing-expiry',
  'missing-issued-at',
  'missing-nonce',
  'missing-id-token',
  'bad-signature',
  'algorithm-none',
  'algorithm-confusion',
  'unknown-key',
  'key-confusion',
  'userinfo-wrong-subject',
  'callback-wrong-issuer',
] as const
export type Lie = (typeof lies)[number]

export interface Behaviour {
  answers: Partial<Record<Endpoint, Answer>>
  lie: Lie | null
  /** By how much its clock is ahead, in tokens and in the Date of answers; behind when negative. */
  clockAheadSeconds: number
}

/** What can be asked of it while it runs. A rotation without overlap takes every older key away at once. */
export type Order =
  | { do: 'behave'; behaviour: Partial<Behaviour> }
  | { do: 'rotate-keys'; overlap: boolean }
  | { do: 'withdraw-key'; kid: string }
  | { do: 'set-people'; people: Person[] }
  | { do: 'add-client'; client: RelyingParty }
  | { do: 'allow-callback'; client_id: string; redirect_uri: string }
  | { do: 'use-certificate'; certificate: Certificate }
  | { do: 'tell' }

export interface Standing {
  issuer: string
  port: number
  /** The keys it shows, the one it signs with first. */
  kids: string[]
  /** Requests so far, whatever was answered. */
  requests: Record<Endpoint, number>
}
