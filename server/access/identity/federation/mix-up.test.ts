/** Two providers of which neither says who it is in its callback (RFC 9207), and one of them is hostile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { startOutside } from '../../providers/testing.ts'
import { departureIn, type FederationRig, openFederationRig } from './testing.ts'

/** Set up here with a discovery document that does not promise `iss`. */
async function addSilent(rig: FederationRig, name: string) {
  const outside = await startOutside({
    url: 'http://localhost:4000',
    clock: rig.clock,
    authority: rig.outside.authority,
  })
  const answer = await fetch(`${outside.oidc.issuer}/.well-known/openid-configuration`)
  const { authorization_response_iss_parameter_supported: _, ...said } = (await answer.json()) as Record<
    string,
    unknown
  >
  const headers = { 'content-type': 'application/json' }
  await outside.behave({ answers: { discovery: { status: 200, headers, body: JSON.stringify(said) } } })
  return { outside, provider: await rig.add({ name, issuer: outside.oidc.issuer, trusts_email: true }) }
}

const tokensOf = async ({ oidc }: FederationRig['outside']) => (await oidc.order({ do: 'tell' })).requests.token

test('a code of one provider never reaches the token endpoint of another, also where neither says who it is', async () => {
  await using rig = await openFederationRig()
  await using held = new AsyncDisposableStack()
  const [evil, honest] = [await addSilent(rig, 'Evil'), await addSilent(rig, 'Honest')]
  held.use(evil.outside)
  held.use(honest.outside)

  // The hostile one sends the victim on to the honest one, by a departure of its own owner and the victim's state.
  const attacker = rig.browser()
  const begun = departureIn(await attacker.submit(`/sign-in/provider/${honest.provider.id}`))
  const victim = rig.browser()
  const left = departureIn(await victim.submit(`/sign-in/provider/${evil.provider.id}`))
  const forged = new URL(begun)
  forged.searchParams.set('state', new URL(left).searchParams.get('state')!)
  const back = await honest.outside.walk(forged.href, 'ana')
  back.searchParams.delete('iss')
  assert.ok(back.searchParams.has('code'))

  // It was looked at before anybody left for it.
  const before = await tokensOf(evil.outside)
  const seen = await victim.get(back.pathname + back.search)
  assert.deepEqual([seen.status, await tokensOf(evil.outside)], [403, before])
  const [told] = await rig.db.many<{ facts: { code: string } }>(sql`
    select facts from signals.signal where kind = 'sign-in.failed' order by id desc limit 1`)
  assert.equal(told!.facts.code, 'mix_up')
  // The address of the hostile one takes no code of the honest one either: it is not allowed over there.
  forged.searchParams.set('redirect_uri', new URL(left).searchParams.get('redirect_uri')!)
  await assert.rejects(honest.outside.walk(forged.href, 'ana'))
  // What it was begun for still works, and there is no address for all.
  assert.equal((await victim.get(`/sign-in/callback${back.search}`)).status, 404)
  const ordinary = await rig.walk(victim, 'ana', { provider: honest.provider, through: honest.outside })
  assert.equal((await victim.get(ordinary)).status, 303)
})
