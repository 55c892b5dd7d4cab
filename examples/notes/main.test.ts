import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { APPLICATION_KEY } from '../../sdk/testing/access-double.ts'
import { openFolder } from '../../sdk/testing/open-folder.ts'
import { until } from '../../sdk/testing/until.ts'

const PROGRAM = fileURLToPath(new URL('./main.ts', import.meta.url))

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** As the supervisor starts it. Access is away: nothing listens on port 9. */
function start(data: string, port: number): { child: ChildProcess; said: () => string } {
  const child = fork(PROGRAM, [], {
    silent: true,
    env: {
      PATH: process.env.PATH,
      HOLDFAST_DATA: data,
      HOLDFAST_URL: 'http://127.0.0.1:9',
      HOLDFAST_DEMO_PORT: String(port),
    },
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk) => (text += chunk))
  return { child, said: () => text }
}

async function writeKey(data: string, key = APPLICATION_KEY): Promise<void> {
  await mkdir(join(data, 'demo'), { recursive: true })
  await writeFile(join(data, 'demo', 'key'), `${key}\n`)
}

const isUp = (port: number) =>
  fetch(`http://127.0.0.1:${port}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  )

test('it waits for its key, comes up with access away, and ends in order when told to', async () => {
  await using folder = await openFolder()
  const port = await freePort()
  const { child, said } = start(folder.path, port)
  const ended = once(child, 'exit')
  await writeKey(folder.path)
  await until('it serves', () => isUp(port))
  child.kill('SIGTERM')
  assert.deepEqual((await ended)[0], 0, said())
  assert.equal(said(), `fieldnotes http://127.0.0.1:${port}\n`)
})

test('it ends by itself when whoever started it is gone', async () => {
  await using folder = await openFolder()
  const port = await freePort()
  await writeKey(folder.path)
  const { child, said } = start(folder.path, port)
  const ended = once(child, 'exit')
  await until('it serves', () => isUp(port))
  child.disconnect()
  assert.deepEqual((await ended)[0], 0, said())
})

test('told to end while it still waits for its key, it ends', async () => {
  await using folder = await openFolder()
  const { child, said } = start(folder.path, await freePort())
  const ended = once(child, 'exit')
  child.disconnect()
  assert.deepEqual((await ended)[0], 0, said())
})

test('what cannot work is one line that says what to do, and exit code 2', async (context) => {
  await using folder = await openFolder()
  await writeKey(folder.path)
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  try {
    await context.test('a taken port', async () => {
      const { child, said } = start(folder.path, port)
      const [code] = await once(child, 'exit')
      assert.deepEqual([code, said().split('\n').length], [2, 2])
      assert.match(said(), new RegExp(`port ${port} is taken: end what uses it, or set HOLDFAST_DEMO_PORT`))
    })
    await context.test('a port that is none', async () => {
      const { child, said } = start(folder.path, 70_000)
      assert.equal((await once(child, 'exit'))[0], 2)
      assert.match(said(), /HOLDFAST_DEMO_PORT is "70000"/)
    })
    await context.test('a key that is none', async () => {
      await writeKey(folder.path, 'hunter2')
      const { child, said } = start(folder.path, await freePort())
      assert.equal((await once(child, 'exit'))[0], 2)
      assert.match(said(), /^holdfast: the demo app: the application key does not look like/)
      assert.ok(!said().includes('hunter2'))
    })
  } finally {
    taken.close()
  }
})
