import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { until } from '../sdk/testing/until.ts'
import { mailTo, settingsFor, startProcess } from './access/testing.ts'
import { silentLog } from './platform/log.ts'
import { startMailSink } from './platform/mail/index.ts'
import { freePort } from './platform/postgres-server/index.ts'
import { sendSignal } from './platform/processes.ts'
import { createTestDatabase, makeTestFolder, removeTestFolder } from './platform/testing/index.ts'

const ANSWER_MS = 20_000

async function openProcesses(t: TestContext, count: number) {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const database = await createTestDatabase()
  t.after(() => database[Symbol.asyncDispose]())
  const sink = await startMailSink({ port: 0, host: '127.0.0.1', folder: join(folder, 'mail'), log: silentLog })
  t.after(() => sink.close())
  const port = await freePort()
  const settings = {
    ...settingsFor(database, folder),
    HOLDFAST_ACCESS_PORT: String(port),
    HOLDFAST_ACCESS_PROCESSES: String(count),
    HOLDFAST_MAIL_PORT: String(sink.port),
  }
  const started = startProcess(['access'], settings)
  t.after(() => started.stop())
  await started.untilSaid(/all access processes are open/)
  return {
    folder,
    port,
    url: `http://localhost:${port}`,
    started,
    settings,
    said: (pattern: RegExp) => [...started.said().matchAll(pattern)].length,
  }
}

/** One request; a connection of its own unless an agent is given. */
function ask(
  port: number,
  path: string,
  agent: Agent | false = false,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ text: string; connection: string }> {
  return new Promise((resolve, reject) => {
    const options = { port, path, agent, headers, method, host: '127.0.0.1', timeout: ANSWER_MS }
    const asked = request(options, async (response) => {
      const text = (await response.setEncoding('utf8').toArray()).join('')
      if (response.statusCode! < 300) resolve({ text, connection: response.headers.connection ?? '' })
      else reject(new Error(`${response.statusCode} ${text}`))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', reject)
    asked.end()
  })
}

test('several processes share the port, each with a folder of its own, and say who they are', async (t) => {
  const { folder, port, said, started } = await openProcesses(t, 2)
  const numbers = new Set<string>()
  await until('both have answered', async () => {
    numbers.add(/process="(\d)"/.exec((await ask(port, '/metrics')).text)?.[1] ?? '')
    return numbers.size === 2
  })
  assert.deepEqual([...numbers].toSorted(), ['1', '2'])
  assert.ok(existsSync(join(folder, 'access/stamp.json')) && existsSync(join(folder, 'access-2/stamp.json')))
  await until('the link is printed', () => said(/first administrator: /g) > 0)
  assert.equal(said(/first administrator: /g), 1)
  assert.equal(await started.stop(), 0)
})

test('a process that dies is started again, and the other goes on', async (t) => {
  const { port, started, said } = await openProcesses(t, 2)
  const pid = Number(/"process":"access-2","pid":(\d+)/.exec(started.said())?.[1])
  sendSignal(pid, 'SIGKILL')
  await until('it is noticed', () => said(/an access process ended/g) === 1)
  await ask(port, '/healthz')
  await until('it is back', () => said(/access is open/g) === 3)
})

test('a rolling restart replaces every process, and no request fails', async (t) => {
  const { port, started, said } = await openProcesses(t, 2)
  const kept = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }))
  t.after(() => {
    for (const agent of kept) agent.destroy()
  })
  const [failed, closed] = [[] as unknown[], { count: 0 }]
  let answered = 0
  let isOver = false
  const client = async (agent: Agent | false) => {
    while (!isOver) {
      try {
        const { connection } = await ask(port, '/healthz', agent)
        if (agent && connection === 'close') closed.count++
        answered++
      } catch (error) {
        failed.push(error)
      }
    }
  }
  const clients = [...kept, false as const, false as const].map(client)
  started.child.kill('SIGHUP')
  await started.untilSaid(/"number":2,.*an access process was replaced/)
  isOver = true
  await Promise.all(clients)
  assert.deepEqual(failed, [])
  assert.ok(answered > 0)
  assert.ok(closed.count >= kept.length, 'a kept connection is told to go elsewhere')
  assert.equal(said(/access is open/g), 4)
})

test('what one process has ended the others refuse, and are told so that nobody waits for the second in which they ask', async (t) => {
  const { port, url } = await openProcesses(t, 2)
  const cookie = await signIn(url)
  const [one, other] = [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent({ keepAlive: true, maxSockets: 1 })]
  t.after(() => {
    for (const agent of [one, other]) agent.destroy()
  })
  // Connections are handed out in turn, and stay where they are.
  const numbers = [await processOf(port, one), await processOf(port, other)]
  assert.notEqual(numbers[0], numbers[1])
  for (const agent of [one, other]) await ask(port, '/v1/session', agent, { cookie })

  await ask(port, '/v1/session', one, { cookie }, 'DELETE')
  const from = performance.now()
  await until('the other refuses', () =>
    ask(port, '/v1/session', other, { cookie }).then(
      () => false,
      (error: Error) => /"reason":"signed_out"/.test(error.message),
    ),
  )
  t.diagnostic(`refused after ${Math.round(performance.now() - from)} ms`)
})

async function processOf(port: number, agent: Agent): Promise<string | undefined> {
  return /process="(\d)"/.exec((await ask(port, '/metrics', agent)).text)?.[1]
}

async function signIn(url: string): Promise<string> {
  const post = (path: string, body: unknown, cookie = '') =>
    fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify(body),
    })
  const email = 'ana@acme.test'
  const asked = await post('/v1/sign-in/email', { email })
  const { challenge_id } = (await asked.json()) as { challenge_id: string }
  const { code } = await mailTo(url, email)
  const entered = await post('/v1/sign-in/email/verify', { challenge_id, code }, cookiesOf(asked))
  assert.equal(entered.status, 200)
  return cookiesOf(entered)
}

const cookiesOf = (answer: Response) =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';', 1)[0])
    .join('; ')
