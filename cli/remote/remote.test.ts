import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Noun } from './noun.ts'
import { answering, asked, dropping, holdfast, openDouble, TOKEN } from './testing.ts'

test('a list is a table whose columns stand under each other, and what is more is said beside it', async (t) => {
  const token = { id: 'tok_1', name: 'Export', hint: 'k3Qz', state: 'live', scopes: ['users:read', 'audit:read'] }
  const double = await openDouble(
    t,
    answering(200, { data: [token, { ...token, id: 'tok_22' }], next_cursor: 'bmV4dA' }),
  )
  const listed = await holdfast(['tokens', 'list', '--state', 'live', '--limit', '2'], asked(double.url))
  assert.equal(listed.status, 0, listed.stderr)
  assert.equal(double.heard[0]!.path, '/v1/tokens?state=live&limit=2')
  assert.equal(double.heard[0]!.headers.authorization, `Bearer ${TOKEN}`)
  const [head, one, other] = listed.stdout.split('\n')
  assert.match(head!, /^id {6}name/)
  assert.equal(one!.indexOf('Export'), other!.indexOf('Export'))
  assert.match(one!, /users:read, audit:read {2}– /)
  assert.match(listed.stderr, /--cursor bmV4dA, or --all/)
})

test('--all follows every cursor, and --json is one document', async (t) => {
  const page = (id: string, next: string | null) => answering(200, { data: [{ id }], next_cursor: next })
  const double = await openDouble(t, page('usr_2', 'bmV4dA'), page('usr_1', null))
  const listed = await holdfast(['users', 'list', '--query', 'a&b', '--all', '--json'], asked(double.url))
  assert.deepEqual(JSON.parse(listed.stdout), { data: [{ id: 'usr_2' }, { id: 'usr_1' }], next_cursor: null })
  assert.deepEqual(
    double.heard.map(({ path }) => path),
    ['/v1/users?query=a%26b', '/v1/users?query=a%26b&cursor=bmV4dA'],
  )
})

test('a write whose answer was lost is sent again with the same Idempotency-Key', async (t) => {
  const made = answering(201, { token: { id: 'tok_1', name: 'x' }, secret: 'hf_test_tok_secret' })
  const double = await openDouble(t, dropping, made)
  const create = ['tokens', 'create', '--name', 'x', '--scopes', 'users:read, audit:read', '--expires-in-days', '90']
  const created = await holdfast(create, asked(double.url))
  assert.equal(created.status, 0, created.stderr)
  assert.match(created.stdout, /^id +tok_1$/m)
  assert.match(created.stdout, /^hf_test_tok_secret$/m)
  const [first, second] = double.heard
  assert.deepEqual(first!.body, { name: 'x', scopes: ['users:read', 'audit:read'], expires_in_days: 90 })
  assert.match(String(first!.headers['idempotency-key']), /^[0-9a-f-]{36}$/)
  assert.equal(first!.headers['idempotency-key'], second!.headers['idempotency-key'])
})

test('a refusal is one line that says where, why and what to do, with exit code 2; an outage ends with 1', async (t) => {
  const problem = (status: number, code: string, detail: string) =>
    answering(status, { status, code, detail }, 'application/problem+json')
  const double = await openDouble(
    t,
    problem(403, 'sessions.not_allowed', 'This needs users:write.\nAsk for it.'),
    problem(503, 'platform.database_unavailable', 'Try again.'),
    answering(502, '<h1>Bad gateway</h1>', 'text/html'),
    dropping,
  )
  const block = () => holdfast(['users', 'block', 'usr_1', '--reason', 'spam'], asked(double.url))
  const refused = await block()
  assert.equal(refused.status, 2)
  assert.equal(
    refused.stderr,
    `holdfast: ${double.url}/v1/users/usr_1/block answered 403 sessions.not_allowed: This needs users:write. Ask for it.\n`,
  )
  assert.equal((await block()).status, 1)
  assert.match((await block()).stderr, /answered 502, and not as Holdfast does/)
  const lost = await block()
  assert.equal(lost.status, 1)
  assert.match(lost.stderr, /^holdfast: .* does not answer .*Whether it was done is not known.*\n$/)
  assert.equal(lost.stdout, '')
})

test('what people typed into Holdfast does not steer the terminal', async (t) => {
  const double = await openDouble(
    t,
    answering(200, { data: [{ id: 'usr_1', name: '\u001b[2Jgone\u202e' }], next_cursor: null }),
  )
  const { stdout } = await holdfast(['users', 'list'], asked(double.url))
  assert.doesNotMatch(stdout, /[\u001b\u202e]/)
  assert.match(stdout, /\[2Jgone/)
})

test('a token is not sent in the clear, to another address, or where it is none', async () => {
  const cases: [Record<string, string>, RegExp][] = [
    [{ HOLDFAST_URL: 'http://id.acme.example', HOLDFAST_TOKEN: TOKEN }, /is not https/],
    [{ HOLDFAST_URL: 'https://id.acme.example/path', HOLDFAST_TOKEN: TOKEN }, /no address of a Holdfast/],
    [{ HOLDFAST_URL: 'https://id.acme.example', HOLDFAST_TOKEN: 'secret' }, /no machine token/],
    [{ HOLDFAST_TOKEN: TOKEN }, /HOLDFAST_URL is not/],
    [{ XDG_CONFIG_HOME: '/nowhere' }, /holdfast login/],
  ]
  for (const [settings, line] of cases) {
    const refused = await holdfast(['users', 'list'], settings)
    assert.equal(refused.status, 2, line.source)
    assert.match(refused.stderr, line)
    assert.match(refused.stderr, /^[^\n]+\n$/)
    assert.ok(!refused.stderr.includes(TOKEN))
  }
})

test('login tries the token and keeps it for its owner only; logout forgets it', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'holdfast-cli-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  const double = await openDouble(t, answering(200, { name: 'Ops', environment: 'test', data: [], next_cursor: null }))
  const settings = { XDG_CONFIG_HOME: home }
  const done = await holdfast(['login', '--url', double.url], settings, `${TOKEN}\n`)
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /Signed in to test .*"Ops"/)
  const file = join(home, 'holdfast/profile.json')
  assert.equal(statSync(file).mode & 0o777, 0o600)
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { url: double.url, token: TOKEN })
  assert.equal((await holdfast(['staff', 'list'], settings)).status, 0)
  assert.equal((await holdfast(['logout'], settings)).status, 0)
  assert.equal((await holdfast(['users', 'list'], settings)).status, 2)
})

test('what a verb does not know, or lacks, is refused before anybody is asked', async () => {
  const cases: [string[], RegExp][] = [
    [['tokens'], /needs a verb: list, show/],
    [['tokens', 'toString'], /needs a verb/],
    [['tokens', 'create', '--name', 'x'], /needs --scopes/],
    [['tokens', 'list', '--limti', '2'], /no option "--limti"/],
    [['tokens', 'list', '--limit', 'two'], /must be a number/],
    [['tokens', 'show'], /takes <id>; it was given none/],
    [['tokens', 'list', 'more'], /takes no word behind it/],
    [['applications', 'update', 'app_1', '--brand', '{'], /must be JSON/],
  ]
  for (const [words, line] of cases) {
    const refused = await holdfast(words, asked('http://127.0.0.1:9'))
    assert.equal(refused.status, 2, words.join(' '))
    assert.match(refused.stderr, line)
  }
})

test('every address that a verb asks for stands in a table of routes', async () => {
  const root = join(import.meta.dirname, '../..')
  const tables = globSync('server/**/*.ts', { cwd: root, exclude: (path) => /\.test\.ts$|^node_modules$/.test(path) })
  const lines = tables.flatMap(
    (path) => readFileSync(join(root, path), 'utf8').match(/\b[A-Z]{3,6} \/v1\/[\w/{}.-]+/g) ?? [],
  )
  const named = (line: string) => line.replace(/\{\w+\}/g, '{}')
  const known = new Set(lines.map(named))
  for (const file of globSync('*.ts', { cwd: join(import.meta.dirname, 'nouns') })) {
    const nouns = Object.values((await import(`./nouns/${file}`)) as Record<string, Noun>)
    for (const noun of nouns) {
      for (const { line } of Object.values(noun.verbs)) assert.ok(known.has(named(line)), `${file}: ${line}`)
    }
  }
})
