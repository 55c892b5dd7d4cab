import type { Parsed, SignedKeyList } from '../../../../sdk/flags/snapshot.ts'
import type { By } from '../../../ground/audit/index.ts'
import type { Queries } from '../../../platform/database/index.ts'
import { newId } from '../../../platform/id.ts'
import { changeFlags, type Changed } from '../changing/change-flags.ts'
import { putKeys } from '../changing/queries.ts'
import { toldKeyLists } from '../fleet/queries.ts'
import { keyRow, rootFor } from '../following/key-ring.ts'
import { readKeys } from '../following/queries.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { makeSigningKey } from '../sign/make-keys.ts'
import { nextKeyListNumber, signKeyList } from '../sign/sign-key-list.ts'

/**
 * Another key signs from now on, and the one before it never again: a key that was stolen is replaced so. The list goes out with
 * the next snapshot, so that a client that slept follows.
 */
export async function rotateKey(
  parts: Parts,
  tx: Queries,
  by: By,
  { reason }: { reason?: string | null | undefined } = {},
): Promise<Changed> {
  return changeFlags(parts, tx, {
    by,
    deed: 'rotate-key',
    reason,
    async decide({ previous }) {
      const kept = { definition: previous.body.metadata, name: null, description: null, tags: [] }
      return [{ kind: 'set', key: '', before: kept, after: kept, entry: 'none' }]
    },
    keyList: ({ previous }) => listAnew(parts, tx, [previous]),
  })
}

/** Their numbers differ by rotations: more than a few are made up. */
const TOLD_MAX = 100

/** A new key, and a list that has it alone. `known`: every snapshot about, or the number of the list could go back. */
export async function listAnew(
  { clock, secret }: Pick<Parts, 'clock' | 'secret'>,
  tx: Queries,
  known: readonly [Parsed, ...Parsed[]],
): Promise<SignedKeyList> {
  const { environment, installation_id, key_list } = known[0].body
  const root = rootFor(await readKeys(tx), secret, key_list.root)
  if (!root) throw refuse('no_keys')
  const at = clock.now()
  const key = makeSigningKey(newId('key', at))
  const number = nextKeyListNumber(
    known.map(({ body }) => body.key_list),
    await toldKeyLists(tx, TOLD_MAX),
  )
  await putKeys(tx, [keyRow(key, secret, { kid: key.public.kid, kind: 'signing', number, at })])
  return signKeyList(root, { installation_id, environment, number, keys: [key.public] })
}
