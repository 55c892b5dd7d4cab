import { digestOf } from '../../../../sdk/flags/node-seals.ts'
import {
  bodyTextOf,
  type Parsed,
  parseSnapshot,
  SNAPSHOT_ALGORITHM,
  SNAPSHOT_BYTES_MAX,
  SNAPSHOT_TYPE,
  type SnapshotBody,
  type SnapshotHeader,
} from '../../../../sdk/flags/snapshot.ts'
import type { SigningPair } from './make-keys.ts'
import { signText } from './sign-key-list.ts'

/**
 * Makes the text that is delivered. It is read again as a client reads it: what no client could accept is thrown here,
 * before anybody depends on its number.
 */
export function signSnapshot({ public: { kid }, privateKey }: SigningPair, body: SnapshotBody): Parsed {
  const bodyText = bodyTextOf(body)
  const header: SnapshotHeader = {
    typ: SNAPSHOT_TYPE,
    kid,
    alg: SNAPSHOT_ALGORITHM,
    digest: digestOf(bodyText),
    signature: signText(privateKey, `${SNAPSHOT_TYPE}\n${bodyText}`),
  }
  const text = `${JSON.stringify(header)}\n${bodyText}\n`
  if (Buffer.byteLength(text) > SNAPSHOT_BYTES_MAX)
    throw new Error(`A snapshot of all flags has more than ${SNAPSHOT_BYTES_MAX} bytes. Make flags smaller, or fewer.`)
  const parsed = parseSnapshot(text)
  if ('fault' in parsed) throw new Error(`The next snapshot cannot be read: ${parsed.detail}`)
  if (!parsed.keyList.keys.some((key) => key.kid === kid))
    throw new Error(`The key ${kid} is not on the list of signing keys, and nobody would accept what it signs.`)
  return parsed
}
