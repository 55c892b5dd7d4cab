import { type Seals, SIGNATURE_LENGTH, thumbprintText } from './seals.ts'
import { KEY_LIST_TYPE, type Parsed, type RootKey, SNAPSHOT_TYPE } from './snapshot.ts'

/** A text and what is said to be its signature. */
export interface Sealed {
  key: RootKey
  text: string
  signature: string
}

/**
 * WebCrypto only works with promises, and judging does not wait. So what judging may ask about one text is worked out
 * beforehand; whatever else is asked is `false`.
 */
export async function webSealsFor({ header, bodyText, body, keyList }: Parsed): Promise<Seals> {
  const { root, text, signature } = body.key_list
  const digests = new Map<string, string>()
  for (const each of [bodyText, thumbprintText(root)]) digests.set(each, await webDigestOf(each))
  const signer = keyList.keys.find(({ kid }) => kid === header.kid)
  const good: Sealed[] = []
  const asked = [
    { key: root, text: `${KEY_LIST_TYPE}\n${text}`, signature },
    ...(signer ? [{ key: signer, text: `${SNAPSHOT_TYPE}\n${bodyText}`, signature: header.signature }] : []),
  ]
  for (const each of asked) if (await isSigned(each)) good.push(each)
  return {
    sha256: (each) => digests.get(each) ?? '',
    verify: (key, each, seal) =>
      good.some((one) => one.key.x === key.x && one.key.y === key.y && one.text === each && one.signature === seal),
  }
}

/** SHA-256 in base64url, as `digestOf` makes it in Node. */
export async function webDigestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const letters = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return letters.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** ES256. False also for a key or a signature that is none. */
export async function isSigned({ key, text, signature }: Sealed): Promise<boolean> {
  if (signature.length !== SIGNATURE_LENGTH) return false
  const { kty, crv, x, y } = key
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  try {
    const imported = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, algorithm, false, ['verify'])
    const letters = atob(signature.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
    return await crypto.subtle.verify(algorithm, imported, bytes, new TextEncoder().encode(text))
  } catch {
    // A point that is not on the curve, or letters that are no base64url.
    return false
  }
}
