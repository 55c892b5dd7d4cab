import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { keysEmpty, sendOrder } from './index.ts'

test('in a process of its own it says where it is, takes orders from who knows the secret, and ends on SIGTERM', async () => {
  const controlSecret = 'a-secret-of-a-test'
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    child.stdin.end(JSON.stringify({ people: [{ sub: 'ana' }], clients: [], controlSecret }))
    const [line] = await once(createInterface(child.stdout), 'line')
    const { issuer, control } = JSON.parse(line) as { issuer: string; control: string }

    const before = await sendOrder(control, controlSecret, { do: 'tell' })
    assert.equal(before.issuer, issuer)
    await assert.rejects(sendOrder(control, 'another', { do: 'tell' }), /secret/)
    await sendOrder(control, controlSecret, { do: 'behave', behaviour: { answers: { keys: keysEmpty } } })
    assert.deepEqual(await (await fetch(`${issuer}/jwks`)).json(), { keys: [] })
    const { requests } = await sendOrder(control, controlSecret, { do: 'tell' })
    assert.equal(requests.keys, before.requests.keys + 1)
  } finally {
    child.kill('SIGTERM')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  assert.equal(child.exitCode, 0)
})
