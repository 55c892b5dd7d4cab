import * as client from 'openid-client'
import { EgressFault } from '../egress/index.ts'

/** The provider, or whoever sent this callback, said something that is not true or not to us. */
export class ExchangeRefused extends Error {
  override name = 'ExchangeRefused'
  readonly code: string
  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}

const OF_CLAIM: Readonly<Record<string, string>> = {
  iss: 'bad_issuer',
  aud: 'bad_audience',
  azp: 'bad_authorized_party',
  nonce: 'bad_nonce',
  exp: 'expired',
  nbf: 'not_valid_yet',
  auth_time: 'authenticated_too_long_ago',
}

/** What the library says, by words that its tests hold; the order matters where one is part of another. */
const OF_WORDS: readonly (readonly [RegExp, string])[] = [
  [/"iss" \(issuer\) response parameter|response parameter "iss"/, 'mix_up'],
  [/response parameter "state"|"state" response parameter/, 'bad_state'],
  [/claim missing/, 'missing_claim'],
  [/"id_token" property/, 'missing_id_token'],
  [/signature verification failed/, 'bad_signature'],
  [/"alg"|JWS algorithm|JWS alg/i, 'bad_algorithm'],
  [/no applicable keys/, 'unknown_key'],
  [/multiple applicable keys/, 'ambiguous_key'],
  [/"sub" property/, 'bad_subject'],
  [/authorization code in|parameter must be provided only once/, 'bad_callback'],
]

interface Said {
  code?: string
  message: string
  cause?: { claim?: unknown } | null
}

/** A stable code for what openid-client refused, and its own words, which hold no token. */
export function refusedBy(error: unknown): ExchangeRefused | undefined {
  // Our own, thrown below the library, comes wrapped.
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof ExchangeRefused) return each
  if (error instanceof client.ResponseBodyError) return refusedByToken(error.error)
  if (error instanceof client.WWWAuthenticateChallengeError) return refusedByToken('invalid_client')
  if (isUnreadable(error)) return new ExchangeRefused('malformed', error.message)
  if (!(error instanceof client.ClientError)) return undefined
  const said = (error.cause instanceof Error ? error.cause : error) as Said
  const claim = typeof said.cause === 'object' && said.cause !== null ? said.cause.claim : undefined
  const ofClaim = typeof claim === 'string' ? OF_CLAIM[claim] : undefined
  if (ofClaim) return new ExchangeRefused(ofClaim, said.message)
  const ofWords = OF_WORDS.find(([words]) => words.test(said.message))?.[1]
  return new ExchangeRefused(ofWords ?? 'malformed', said.message)
}

/** What failed on the way out, below the library. */
export function faultIn(error: unknown): EgressFault | undefined {
  for (let each = error; each instanceof Error; each = each.cause) if (each instanceof EgressFault) return each
  return undefined
}

/** What is not base64url in a token, the library calls a wrong argument of ours: it was handed on as it came. */
function isUnreadable(error: unknown): error is TypeError {
  return error instanceof TypeError && (error as NodeJS.ErrnoException).code === 'ERR_INVALID_ARG_VALUE'
}

/** RFC 6749 §5.2. A wrong secret is our own fault, and sooner or later everybody's: it has a code of its own. */
function refusedByToken(error: string): ExchangeRefused {
  const known = error.replace(/[^a-z_]/g, '').slice(0, 40)
  if (known === 'invalid_grant') return new ExchangeRefused('code_refused', 'the token endpoint refused the code')
  const isOurs = known === 'invalid_client' || known === 'unauthorized_client'
  return new ExchangeRefused(isOurs ? 'client_refused' : 'token_refused', `the token endpoint said ${known}`)
}
