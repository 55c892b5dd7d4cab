import type { Parsed } from '../../../../sdk/flags/snapshot.ts'
import { BY_ITSELF } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import { lockHead, lockWithoutHead, putHead, putKeys } from '../changing/queries.ts'
import type { Parts } from '../parts.ts'
import { makeRoot, makeSigningKey } from '../sign/make-keys.ts'
import { firstSnapshotBody } from '../sign/next-snapshot-body.ts'
import { signKeyList } from '../sign/sign-key-list.ts'
import { signSnapshot } from '../sign/sign-snapshot.ts'
import { keyRow } from './key-ring.ts'
import { keepSnapshot, readPosition } from './queries.ts'
import { pack } from './served.ts'
import { isUntouched } from './standing.ts'

/**
 * The first start of an installation: the root key, and e1.s1, the one snapshot that may be empty without anybody having said so.
 * Whatever speaks against its being the first makes it a wipe, in which nothing is signed.
 */
export async function begin(parts: Parts): Promise<void> {
  await parts.background.transaction(async (tx) => void (await beginWithin(parts, tx)))
}

/** Undefined: there was something already. Of two processes that start together the second finds what the first has made. */
export async function beginWithin(parts: Parts, tx: Queries): Promise<Parsed | undefined> {
  const { clock, secret, served } = parts
  const stamp = parts.stamp()
  await lockWithoutHead(tx)
  const head = await lockHead(tx)
  if (!stamp || !head || !isUntouched(await readPosition(tx, { olderFrom: 1 }), served.held())) return undefined
  const at = clock.now()
  const [root, key] = [makeRoot(), makeSigningKey(newId('key', at))]
  await putKeys(tx, [
    keyRow(root, secret, { kid: newId('root', at), kind: 'root', number: 0, at }),
    keyRow(key, secret, { kid: key.public.kid, kind: 'signing', number: 1, at }),
  ])
  const stamped = { environment: stamp.environment, installation_id: stamp.installationId }
  const keyList = signKeyList(root, { ...stamped, number: 1, keys: [key.public] })
  const signed = signSnapshot(key, firstSnapshotBody({ stamp: stamped, madeAt: at, keyList }))
  const { epoch, seq, made_at: madeAt } = signed.body
  const { digest } = signed.header
  await keepSnapshot(tx, { epoch, seq, digest, madeAt, packed: await pack(signed.text) })
  await putHead(tx, { ...head, epoch, seq, digest }, at)
  await parts.audit(tx, { by: BY_ITSELF, action: 'flags.begun', subject: { kind: 'flags', id: stamp.installationId } })
  await parts.signal(tx, {
    kind: 'flags.begun',
    subject: 'flags',
    facts: { epoch, seq, fingerprint: root.fingerprint },
  })
  return signed
}
