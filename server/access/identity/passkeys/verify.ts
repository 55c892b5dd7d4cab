import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { decodeAttestationObject, decodeClientDataJSON, isoBase64URL } from '@simplewebauthn/server/helpers'
import type { IdentityConfig } from '../parts.ts'
import { CREDENTIAL_ID_BYTES_MAX, type Passkey } from './passkey.ts'

/** EdDSA, ES256, RS256: what the authenticators of today have. */
export const ALGORITHMS = [-8, -7, -257]

type Expected = { challenge: string; config: IdentityConfig }
/** Whether it was known whom the answer is asked of: those who are signed in, and prove it again. */
type ExpectedOf = Expected & { isUserKnown: boolean }
type Made = Pick<
  Passkey,
  'credential_id' | 'public_key' | 'counter' | 'transports' | 'is_multi_device' | 'is_backed_up'
>

/** How they are carried; what a browser makes up is not kept. */
const TRANSPORTS = new Set(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'])

/** The credential that was made, or undefined where anything about it is not as it was asked for. */
export async function verifyMade(response: RegistrationResponseJSON, expected: Expected): Promise<Made | undefined> {
  try {
    if (isFramed(response.response.clientDataJSON) || isAttested(response.response.attestationObject)) return undefined
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response,
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.config.url,
      expectedRPID: expected.config.relyingPartyId,
      expectedType: 'webauthn.create',
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return undefined
    const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo
    const id = Buffer.from(credential.id, 'base64url')
    if (credential.id !== response.id || id.length > CREDENTIAL_ID_BYTES_MAX) return undefined
    return {
      credential_id: id,
      public_key: Buffer.from(credential.publicKey),
      counter: credential.counter,
      transports: [...new Set(credential.transports)].filter((transport) => TRANSPORTS.has(transport)),
      is_multi_device: credentialDeviceType === 'multiDevice',
      is_backed_up: credentialBackedUp,
    }
  } catch (error) {
    return notAsAsked(error)
  }
}

/** What a verified signature says of its key; the counter is only to be judged by whoever has this. */
export async function verifyShown(
  response: AuthenticationResponseJSON,
  passkey: Passkey,
  expected: ExpectedOf,
): Promise<{ counter: number; isBackedUp: boolean } | undefined> {
  try {
    if (isFramed(response.response.clientDataJSON)) return undefined
    if (!isOwnersAnswer(response, passkey, expected)) return undefined
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: expected.challenge,
      expectedOrigin: expected.config.url,
      expectedRPID: expected.config.relyingPartyId,
      expectedType: 'webauthn.get',
      requireUserVerification: true,
      // The counter is compared afterwards: the library does so before it has verified who says it, and anybody who
      // knows the name of a key could otherwise make it look copied.
      credential: { id: response.id, publicKey: Uint8Array.from(passkey.public_key), counter: 0 },
    })
    const { newCounter, credentialBackedUp, credentialDeviceType } = authenticationInfo
    const isMultiDevice = credentialDeviceType === 'multiDevice'
    // Fixed when it was made (WebAuthn 3 §6.1.3).
    if (!verified || isMultiDevice !== passkey.is_multi_device) return undefined
    return { counter: newCounter, isBackedUp: credentialBackedUp }
  } catch (error) {
    return notAsAsked(error)
  }
}

/**
 * WebAuthn 3 §7.2 step 6: whose it is, is signed for nowhere else. An authenticator that was told which keys to use may leave it out,
 * as older security keys do; one that was not has to say it.
 */
function isOwnersAnswer({ response }: AuthenticationResponseJSON, { user_id }: Passkey, { isUserKnown }: ExpectedOf) {
  const { userHandle } = response
  if (userHandle === undefined || userHandle === null || userHandle === '') return isUserKnown
  return Buffer.from(userHandle, 'base64url').toString('utf8') === user_id
}

/** In a frame of somebody else's page; the library lets one pass that does not say whose. */
const isFramed = (clientData: string) => decodeClientDataJSON(clientData).crossOrigin === true

/**
 * None was asked for. To verify a chain of certificates the library would fetch lists that the chain itself names: a
 * stranger would have access ask any address.
 */
function isAttested(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject))
  const format = decoded.get('fmt')
  return format !== 'none' && !(format === 'packed' && decoded.get('attStmt').get('x5c') === undefined)
}

/** The library throws at whatever is not as it should be, and asks nothing of anybody: there is no outage among it. */
function notAsAsked(error: unknown): undefined {
  if (error instanceof Error) return undefined
  throw error
}
