import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { env } from 'node:process'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { sql } from '../../../platform/database/index.ts'
import { openTestServer } from '../../../platform/http/testing.ts'
import { openProviderRig, TEST_CLIENT } from '../testing.ts'

const MAIN = join(import.meta.dirname, '../../../../cli/main.ts')

/** `holdfast providers …` against a server of ours. */
function terminal(url: string) {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('HOLDFAST_')))
  const settings = { ...own, HOLDFAST_URL: url, HOLDFAST_TOKEN: `hf_test_tok_${'a'.repeat(43)}` }
  async function run(words: readonly string[], input = '') {
    const child = spawn(process.execPath, [MAIN, 'providers', ...words], { env: settings })
    child.stdin.end(input)
    const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    assert.doesNotMatch(stdout + stderr, new RegExp(TEST_CLIENT.client_secret))
    return { status, stdout, stderr }
  }
  async function done(line: string, input?: string) {
    const { status, stdout, stderr } = await run(line.split(' '), input)
    assert.equal(status, 0, `${line}: ${stderr}`)
    return stdout
  }
  return { run, done }
}

test('a key that was withdrawn by mistake is found and taken back at a terminal', async () => {
  await using rig = await openProviderRig()
  await using server = await openTestServer(rig.providers.routes)
  const { run, done } = terminal(server.server.url)
  const { id } = rig.provider
  const keys = async () =>
    (JSON.parse(await done(`keys ${id} --json`)) as { data: { thumbprint: string; withdrawn_at: string | null }[] })
      .data
  const [key] = await keys()
  assert.equal(key!.withdrawn_at, null)
  const good = await run(['reinstate-key', id, '--thumbprint', key!.thumbprint, '--reason', 'Ticket 4711'])
  assert.deepEqual([good.status, /providers\.no_withdrawn_key/.test(good.stderr)], [2, true])
  await rig.db.run(sql`update providers.key set withdrawn_at = now() where provider_id = ${id}`)
  assert.match(await done(`keys ${id}`), new RegExp(`\n${key!.thumbprint} .* \\d{4}-\\d\\d-\\d\\dT[^ ]+Z\\n$`))
  const taken = await run(['reinstate-key', id, '--thumbprint', key!.thumbprint, '--reason', 'Ticket 4711'])
  assert.equal(taken.status, 0, taken.stderr)
  assert.equal((await keys())[0]!.withdrawn_at, null)
})

test('a provider is set up, tested, enabled, ordered and removed at a terminal, and its secret is seen nowhere', async () => {
  await using rig = await openProviderRig({
    name: 'First',
    issuer: 'https://first.acme.invalid',
    client_id: 'another-client',
    client_secret_sealed: null,
  })
  await using server = await openTestServer(rig.providers.routes)
  const { run, done } = terminal(server.server.url)

  const add = `add --preset oidc --name Acme --issuer ${rig.oidc.issuer} --client-id ${TEST_CLIENT.client_id}`
  const made = await done(`${add} --client-secret-file - --domains acme.test --json`, TEST_CLIENT.client_secret)
  const { id, callback_url: callback } = JSON.parse(made) as { id: string; callback_url: string }
  // Each has an address of its own, which is told once it is kept.
  assert.equal(callback, rig.callbackOf(id))
  assert.match((await run(['test', id])).stdout, /bad +authorization .*callback URL/)
  await rig.allow(TEST_CLIENT.client_id, id)
  const early = await run(['enable', id])
  assert.deepEqual([early.status, /providers\.not_tested/.test(early.stderr)], [2, true])
  assert.match(await done(`test ${id}`), /good {2}client .*\n[\s\S]*It can be enabled\./)
  await done(`enable ${id}`)
  assert.match(await done('list'), new RegExp(`${id} +Acme +oidc +acme\\.test +true`))
  assert.match(await done(`edit ${id} --trusts-email true`), /trusts_email +true/)
  assert.match(await done(`edit ${id} --keys-good-for 7d`), /keys_good_for_ms +604800000/)

  await rig.behave({ answers: { discovery: { status: 503, body: 'down' } } })
  const bad = await run(['test', id])
  assert.deepEqual([bad.status, /bad +discovery +It answered 503\./.test(bad.stdout)], [1, true])

  assert.match(
    (await run(['order', id, 'open', '--reason', 'Their status page says so'])).stdout,
    /^Ordered open until/,
  )
  assert.match(await done(`history ${id}`), /Their status page says so|open/)
  await done(`lift-order ${id}`)
  await done(`remove ${id}`)
  assert.equal((await run(['get', id])).status, 2)
})
