import type { Parts } from '../parts.ts'
import * as queries from '../queries.ts'
import { refuse } from '../refusals.ts'
import { isOther, saidOf } from './change-provider.ts'
import type { ChangeProvider } from './input.ts'
import { testProvider } from './test-provider.ts'
import { SEAL_PURPOSE, toProvider } from './told.ts'

/**
 * People are sent to an enabled provider at once, so that other settings of it are tested before they hold: a secret with a
 * typing error changes nothing. Answers the version that was tested; null: there was nothing to test.
 *
 * Another issuer is another place with other people, to whom nobody here is linked: it is not moved under their feet.
 */
export async function testChange(parts: Parts, id: string, input: ChangeProvider): Promise<number | null> {
  const before = await queries.findProvider(parts.db, id)
  if (!before?.is_enabled) return null
  const said = saidOf(parts, before, input)
  if (said.issuer !== before.issuer) throw refuse('issuer_in_use', { issuer: before.issuer })
  if (!isOther(parts, before, said)) return null
  const text = said.client_secret_sealed
  const secret = text === null ? null : parts.secret.unseal(SEAL_PURPOSE, text)
  const known = { ...parts.known, secretOf: () => secret }
  const { client_id, token_endpoint_auth } = said
  const steps = await testProvider({ ...parts, known }, { ...toProvider(before, []), client_id, token_endpoint_auth })
  const bad = steps.find(({ outcome }) => outcome === 'bad')
  if (bad) throw refuse('test_failed', { step: bad.name, found: bad.detail })
  return before.version
}
