import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { openLog } from './log.ts'

interface Line {
  level: string
  msg: string
  [field: string]: unknown
}

function logged(say: (log: ReturnType<typeof openLog>) => void): { line: Line; text: string } {
  let text = ''
  const write = (line: string) => {
    text += line
  }
  say(openLog({ level: 'debug', process: 'test', to: { write } }))
  return { line: JSON.parse(text) as Line, text }
}

test('a line says when, how bad, which process, and what', () => {
  const { line } = logged((log) => log.info({ count: 3, at: new Date(0) }, 'mail sent'))
  assert.deepEqual(
    { level: line.level, process: line.process, pid: line.pid, count: line.count, at: line.at, msg: line.msg },
    { level: 'info', process: 'test', pid: process.pid, count: 3, at: '1970-01-01T00:00:00.000Z', msg: 'mail sent' },
  )
  assert.match(String(line.time), /^\d{4}-\d\d-\d\dT/)
})

const handle = 'q5TQ1lcYvVbS3uR2mT9kJ7wX0zA4cD6eF8gH-iK_lMn'
const proof = `eyJhbGciOiJFUzI1NiJ9.eyJzaWQiOiJzZXNfMSJ9.${'s'.repeat(86)}`
const key = `hf_production_app_${handle}`
const databaseUrl = 'postgres://app:hunter2@db.example:5432/holdfast'

test('a secret is known by the name it stands under, however deep', () => {
  const fields = {
    code: '482913',
    linkToken: 'l1nk',
    forward_key: 'f0rward',
    request: { headers: { cookie: 'hf_session=c00kie', authorization: 'Bearer b3arer' } },
    challenges: [{ proof: 'pr00f' }],
  }
  const { text } = logged((log) => log.warn(fields, 'something'))
  for (const secret of ['482913', 'l1nk', 'f0rward', 'c00kie', 'b3arer', 'pr00f'])
    assert.ok(!text.includes(secret), secret)
})

test('a secret is known by its form, in a field, in the sentence and in an error', () => {
  for (const secret of [handle, proof, key, databaseUrl]) {
    const { text } = logged((log) =>
      log.error(
        { note: `it was ${secret}.`, err: new Error(`no ${secret}`, { cause: new Error(secret) }) },
        `saw ${secret}`,
      ),
    )
    for (const part of [handle, proof, 'hunter2']) assert.ok(!text.includes(part), text)
  }
})

test('what is no secret stays readable', () => {
  const { line } = logged((log) =>
    log.info(
      { code: 'ECONNREFUSED', exitCode: 1, session: 'ses_01k3zx8y9q0abcdefghjkmnpqr', monkey: 'george' },
      'ended',
    ),
  )
  assert.equal(line.code, 'ECONNREFUSED')
  assert.equal(line.exitCode, 1)
  assert.equal(line.session, 'ses_01k3zx8y9q0abcdefghjkmnpqr')
  assert.equal(line.monkey, 'george')
})

test('an error is told by its kind, its sentence and its frames, and loses the row and the URL it carries', () => {
  const error = Object.assign(new Error('duplicate key value violates unique constraint "user_by_email"'), {
    code: '23505',
    detail: 'Key (email_key)=(ana@acme.test) already exists.',
    input: databaseUrl,
    parameters: ['482913'],
  })
  const { line, text } = logged((log) => log.error({ err: error }, 'a bug answered a request'))
  const err = line.err as { type: string; says: string; errorCode: string; stack: string[] }
  assert.equal(err.errorCode, '23505')
  assert.match(err.says, /user_by_email/)
  assert.ok(err.stack[0]?.includes('log.test.ts'))
  for (const secret of ['ana@acme.test', 'hunter2', '482913']) assert.ok(!text.includes(secret))
})

test('what a parser or PostgreSQL quotes of its input is not repeated', () => {
  const bad = Object.assign(new Error('invalid input syntax for type integer: "482913x"'), { code: '22P02' })
  let parse: unknown
  try {
    JSON.parse('482913x')
  } catch (error) {
    parse = error
  }
  for (const err of [bad, parse]) {
    const { text } = logged((log) => log.error({ err }, 'a bug'))
    assert.ok(!text.includes('482913'), text)
  }
})

test('what refers to itself, is deep or is long is cut, and hangs nobody', () => {
  const circle: Record<string, unknown> = { long: 'x'.repeat(100_000) }
  circle.itself = circle
  const { text } = logged((log) => log.info({ circle }, 'round'))
  assert.ok(text.length < 40_000)
})

/** A process of its own that logs, with this as its program. */
function logger(program: string) {
  const module = new URL('./log.ts', import.meta.url).href
  const script = `import { openLog } from ${JSON.stringify(module)}
    const log = openLog({ level: 'info', process: 'child' })
    ${program}`
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
}

test('what was logged before the process ended is written', async () => {
  const child = logger(`for (let n = 0; n < 100; n++) log.info({ n }, 'line'); process.exit(0)`)
  const text = (await child.stdout!.setEncoding('utf8').toArray()).join('')
  assert.equal(text.trim().split('\n').length, 100)
})

test('a process whose log nobody reads goes on', async () => {
  const child = logger(`
    for (let n = 0; n < 20_000; n++) log.info({ text: 'x'.repeat(1000) }, 'line')
    setTimeout(() => process.send('still here'), 50)`)
  const [said] = await once(child, 'message')
  assert.equal(said, 'still here')
  child.kill('SIGKILL')
})
