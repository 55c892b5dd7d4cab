import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { answering, asked, holdfast, openDouble } from '../testing.ts'

const provider = {
  id: 'prv_1',
  name: 'Acme SSO',
  preset: 'auth0',
  domains: ['acme.example'],
  is_enabled: false,
  tested_at: null,
  callback_url: 'https://id.acme.example/sign-in/callback/prv_1',
  verdict: null,
}
const policy = {
  provider_id: 'prv_1',
  ordinary: ['provider'],
  demands: 'nothing',
  passkeys: 'offered',
  fail_over: null,
}
const counted = (sentence: string, no = 0) => ({
  active: 10,
  able: { passkey: 10 - no, provider: 0, email: 0, unknown: 0, no },
  ready: 10 - no,
  ready_percent: (10 - no) * 10,
  sentence,
  whys: no === 0 ? [] : [{ why: 'no_passkey', means: 'Only a passkey is allowed, and they have none.', people: no }],
})

test('a client secret comes from standard input or a file, and never stands on the command line', async (t) => {
  const double = await openDouble(t, answering(201, provider))
  const add = ['providers', 'add', '--preset', 'auth0', '--name', 'Acme SSO', '--client-id', 'holdfast']
  const more = ['--domain', 'acme.eu.auth0.com', '--domains', 'acme.example', '--trusts-email', 'true']
  const made = await holdfast([...add, ...more, '--client-secret-file', '-'], asked(double.url), 'a secret of ours\n')
  assert.equal(made.status, 0, made.stderr)
  assert.deepEqual(double.heard[0]!.body, {
    preset: 'auth0',
    name: 'Acme SSO',
    client_id: 'holdfast',
    domain: 'acme.eu.auth0.com',
    domains: ['acme.example'],
    trusts_email: true,
    client_secret: 'a secret of ours',
  })
  assert.match(
    made.stdout,
    /Allow https:\/\/id\.acme\.example\/sign-in\/callback\/prv_1 .*holdfast providers test prv_1/,
  )

  const cases: [string[], string, RegExp][] = [
    [['--client-secret', 'x'], '', /no option "--client-secret"/],
    [['--client-secret-file', '-'], ' \n', /holds no secret/],
    [['--client-secret-file', '-'], 'two\nlines', /is no client secret/],
    [['--client-secret-file', '/nowhere'], '', /cannot be read \(ENOENT\)/],
    [['--client-secret-file', '-', '--public'], 'x', /not both/],
    [['--trusts-email', 'yes'], '', /--trusts-email is true or false/],
  ]
  for (const [words, input, line] of cases) {
    const refused = await holdfast([...add, ...words], asked(double.url), input)
    assert.equal(refused.status, 2, words.join(' '))
    assert.match(refused.stderr, line)
  }
  assert.equal(double.heard.length, 1)
})

test('how long the last keys of a provider are good is said in hours or days, between an hour and a week', async (t) => {
  const double = await openDouble(t, answering(200, { ...provider, tested_at: '2026-11-21T10:40:00Z' }))
  const edit = (said: string) => holdfast(['providers', 'edit', 'prv_1', '--keys-good-for', said], asked(double.url))
  for (const said of ['7d', '36h']) assert.equal((await edit(said)).status, 0, said)
  assert.deepEqual(
    double.heard.map(({ body }) => body),
    [{ keys_good_for_ms: 604_800_000 }, { keys_good_for_ms: 129_600_000 }],
  )
  for (const said of ['8d', '0h', '30m', '7', '-1d', 'week']) {
    const refused = await edit(said)
    assert.deepEqual([refused.status, /--keys-good-for is 1h to 7d/.test(refused.stderr)], [2, true], said)
  }
  assert.equal(double.heard.length, 2)
})

test('the keys of a provider are listed, withdrawn ones among them, and a withdrawal is taken back with a reason', async (t) => {
  // One in four thousand begins so.
  const thumbprint = '--zLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'
  const seen = { kid: '2026-11-a', first_seen_at: '2026-11-01T08:00:00Z', last_seen_at: '2026-11-20T08:00:00Z' }
  const keys = [{ thumbprint, ...seen, withdrawn_at: '2026-11-20T08:05:00Z' }]
  const double = await openDouble(t, answering(200, { data: keys }), answering(204))
  const listed = await holdfast(['providers', 'keys', 'prv_1'], asked(double.url))
  assert.equal(listed.status, 0, listed.stderr)
  assert.match(
    listed.stdout,
    new RegExp(`^thumbprint .*withdrawn\\n${thumbprint} +2026-11-a .* 2026-11-20T08:05:00Z\\n$`),
  )

  const taken = ['providers', 'reinstate-key', 'prv_1', '--thumbprint', thumbprint]
  const done = await holdfast([...taken, '--reason', 'They say it is theirs'], asked(double.url))
  assert.deepEqual([done.status, done.stdout], [0, 'Done.\n'])
  const { method, path, body } = double.heard[1]!
  assert.deepEqual([method, path], ['POST', '/v1/providers/prv_1/key-reinstatements'])
  assert.deepEqual(body, { thumbprint, reason: 'They say it is theirs' })
  assert.match((await holdfast(taken, asked(double.url))).stderr, /needs --reason/)
})

test('a provider that is not good ends a test with exit code 1, and each step is told', async (t) => {
  const steps = [
    { name: 'discovery', outcome: 'good', detail: 'It answered in 84 ms over TLSv1.3.' },
    { name: 'keys', outcome: 'bad', detail: 'Its key set holds no key.' },
  ]
  const double = await openDouble(
    t,
    answering(200, { steps, is_good: false }),
    answering(200, { steps: steps.slice(0, 1), is_good: true }),
  )
  const bad = await holdfast(['providers', 'test', 'prv_1'], asked(double.url))
  assert.equal(bad.status, 1)
  assert.match(bad.stdout, /^good {2}discovery {2}It answered[\s\S]*bad {3}keys {7}Its key set holds no key\.\n/)
  const good = await holdfast(['providers', 'test', 'prv_1', '--json'], asked(double.url))
  assert.equal(good.status, 0, good.stderr)
  assert.equal(JSON.parse(good.stdout).is_good, true)
})

test('an order says open or closed, why, and until when', async (t) => {
  const double = await openDouble(t, answering(200, { ordered_until: '2026-11-21T11:42:00Z' }))
  const words = ['providers', 'order', 'prv_1', 'open', '--reason', 'Their status page says so']
  const done = await holdfast(words, asked(double.url))
  assert.match(done.stdout, /Ordered open until 2026-11-21T11:42:00Z/)
  assert.deepEqual(double.heard[0]!.body, { reason: 'Their status page says so', ordered: 'open', minutes: 60 })
  assert.equal((await holdfast(['providers', 'order', 'prv_1', 'open'], asked(double.url))).status, 2)
  const other = await holdfast([...words.slice(0, 3), 'ajar', '--reason', 'x'], asked(double.url))
  assert.match(other.stderr, /an order is "open"/)
})

test('readiness is a sentence for each provider, and below a stated figure is exit code 1', async (t) => {
  const row = {
    provider: { id: 'prv_1', name: 'Acme SSO' },
    organization: null,
    counted_at: '2026-11-21T10:40:00Z',
    ...counted('80 % of active users could sign in.', 2),
  }
  const organizations = [{ ...row, organization: { id: 'org_1', name: 'Acme GmbH' } }]
  const double = await openDouble(t, answering(200, { data: [{ ...row, organizations }], next_cursor: null }))
  const shown = await holdfast(['readiness'], asked(double.url))
  assert.equal(shown.status, 0, shown.stderr)
  assert.match(shown.stdout, /^80 % of active users could sign in\.\n {2}2 × Only a passkey is allowed/)
  assert.match(shown.stdout, /Acme GmbH +10 +80 +2\n/)
  assert.equal((await holdfast(['readiness', '--at-least', '80'], asked(double.url))).status, 0)
  const below = await holdfast(['readiness', 'show', '--at-least', '81', '--json'], asked(double.url))
  assert.equal(below.status, 1)
  assert.match(below.stderr, /below 81 %: Acme SSO/)
  assert.equal(JSON.parse(below.stdout).data[0].ready, 8)
})

test('whom fail-over kept out is counted by organisation and reason, and a full list says that it is not the whole', async (t) => {
  const row = {
    hour: '2026-11-21T10:00:00Z',
    organization_id: 'org_1',
    organization_name: 'Acme GmbH',
    reason: 'weaker_than_demanded',
    count: 3,
  }
  const list = (data: readonly unknown[]) => answering(200, { data, next_cursor: null })
  const double = await openDouble(t, list([row]), list(Array(200).fill(row)), list([]), list([row]))
  const refusals = (...more: string[]) => holdfast(['fail-over', 'refusals', ...more], asked(double.url))
  const shown = await refusals('--organization', 'org_1')
  assert.equal(shown.status, 0, shown.stderr)
  assert.equal(double.heard[0]!.path, '/v1/fail-over/refusals?organization=org_1')
  assert.match(shown.stdout, /\n2026-11-21T10:00:00Z +Acme GmbH +org_1 +weaker_than_demanded +3\n$/)
  assert.match(shown.stderr, /^Sign-ins of the last 31 days.* holdfast fail-over policy get org_…\n$/)
  assert.match((await refusals()).stderr, /These are the newest 200/)
  assert.match((await refusals()).stderr, /kept nobody out/)
  assert.deepEqual(JSON.parse((await refusals('--json')).stdout).data, [row])
})

test('a policy is changed over what is in force, after it was shown who could sign in under it', async (t) => {
  const preview = { now: counted('Nobody could.', 10), asked: counted('80 % could.', 2) }
  const fail_over = { ways: ['passkey'], seen_within_days: 14, session_minutes: 480, unknown_opens: false }
  const waiting = { policy, takes_effect_at: '2026-11-22T10:42:00Z', asked_by: 'tok_1', reason: null }
  const double = await openDouble(
    t,
    answering(200, { policy, epoch: 3, waiting: null }),
    answering(200, preview),
    answering(202, { policy, epoch: 3, waiting }),
  )
  const set = ['fail-over', 'policy', 'set', 'org_1', '--fail-over', 'passkey', '--seen-within-days', '14']
  const done = await holdfast([...set, '--reason', 'Ticket 4711'], asked(double.url))
  assert.equal(done.status, 0, done.stderr)
  assert.match(done.stdout, /Now: {3}Nobody could\.\nThen: {2}80 % could\./)
  assert.match(done.stdout, /waits until 2026-11-22T10:42:00Z at the earliest/)
  const [, previewed, put] = double.heard
  const asked_ = new URL(previewed!.path, double.url).searchParams.get('policy')
  assert.deepEqual(JSON.parse(asked_!), { ...policy, fail_over })
  assert.deepEqual(put!.body, { policy: { ...policy, fail_over }, reason: 'Ticket 4711', epoch: 3 })
})

test('a policy that is only tried is not saved, and a file stands for the whole of it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-policy-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'policy.json')
  writeFileSync(file, JSON.stringify({ ...policy, ordinary: ['passkey'] }))
  const same = counted('All could.')
  const double = await openDouble(
    t,
    answering(200, { policy, epoch: 3, waiting: null }),
    answering(200, { now: same, asked: same }),
  )
  const words = ['fail-over', 'policy', 'set', 'org_1', '--file', file, '--dry-run']
  const tried = await holdfast(words, asked(double.url))
  assert.equal(tried.status, 0, tried.stderr)
  assert.match(tried.stdout, /^provider +prv_1\nordinary +passkey\n/)
  assert.deepEqual(
    double.heard.map(({ method }) => method),
    ['GET', 'GET'],
  )

  const nothing = await holdfast(['fail-over', 'policy', 'set', 'org_1'], asked(double.url))
  assert.match(nothing.stderr, /changes nothing/)
  const both = await holdfast([...words, '--demands', 'provider'], asked(double.url))
  assert.match(both.stderr, /not both/)
})

test('what a policy does that nobody may mean is said before it is saved, and where it is in force', async (t) => {
  const warning = 'Whoever joins from now on has no way to begin: Acme SSO is not trusted for second factors.'
  const shown = { policy, epoch: 3, warning: null, waiting: null }
  const preview = { now: counted('All could.'), asked: counted('All could.'), warning }
  const changed = { code: 'identity.policy_changed', detail: 'It was changed meanwhile.', status: 409 }
  const words = ['fail-over', 'policy', 'set', 'org_1', '--demands', 'second-factor']

  // It is not saved, so what was said had been said before.
  const early = await openDouble(t, answering(200, shown), answering(200, preview), answering(409, changed))
  const refused = await holdfast(words, asked(early.url))
  assert.match(refused.stderr, /^Warning: Whoever joins from now on has no way to begin: .*\n[^\n]*policy_changed/)

  const saved = answering(200, { ...shown, warning })
  const double = await openDouble(t, answering(200, shown), answering(200, preview), saved, saved)
  const set = await holdfast(words, asked(double.url))
  assert.deepEqual([set.status, set.stderr], [0, `Warning: ${warning}\n`])
  const got = await holdfast(['fail-over', 'policy', 'get', 'org_1'], asked(double.url))
  assert.deepEqual([got.status, got.stderr], [0, `Warning: ${warning}\n`])

  // Somebody else took the trust back between the two: the newer word counts.
  const late = await openDouble(t, answering(200, shown), answering(200, { ...preview, warning: null }), saved)
  assert.equal((await holdfast(words, asked(late.url))).stderr, `Warning: ${warning}\n`)

  const json = await openDouble(t, answering(200, shown), answering(200, preview), saved)
  const tried = await holdfast([...words, '--dry-run', '--json'], asked(json.url))
  assert.deepEqual([JSON.parse(tried.stdout).preview.warning, tried.stderr], [warning, ''])
})

test('the policy in force is told line by line, and what waits beside it', async (t) => {
  const waiting = {
    policy: {
      ...policy,
      fail_over: { ways: ['passkey', 'email'], seen_within_days: 30, session_minutes: 60, unknown_opens: true },
    },
    takes_effect_at: '2026-11-22T10:42:00Z',
    asked_by: 'usr_1',
    reason: 'Ticket 4711',
  }
  const double = await openDouble(t, answering(200, { policy, epoch: 3, waiting }))
  const { stdout, status } = await holdfast(['fail-over', 'policy', 'get', 'org_1'], asked(double.url))
  assert.equal(status, 0)
  assert.match(stdout, /^provider +prv_1\n[\s\S]*fail-over +none: nobody is let in another way\n/)
  assert.match(
    stdout,
    /Waits until .* by usr_1 \(Ticket 4711\):\n[\s\S]*passkey, email; seen within 30 days; 60 minutes; also while/,
  )
})
