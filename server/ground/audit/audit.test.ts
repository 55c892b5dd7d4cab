import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openTestServer } from '../../platform/http/testing.ts'
import type { Actor } from '../../platform/http/index.ts'
import { auditRoutes, type By } from './index.ts'
import { csvField, csvLine } from './reading/csv.ts'
import { type AuditTestBench, openAuditTestBench } from './testing.ts'

const staff: Actor = { kind: 'person', id: 'usr_staff', sessionId: 'ses_1', isStaff: true, impersonatorId: null }
const ana: By = { kind: 'person', id: 'usr_ana', impersonatorId: null, address: '203.0.113.7', userAgent: 'Firefox' }

async function openRoutes(bench: AuditTestBench) {
  const names = new Map([['usr_ana', 'Ana']])
  return openTestServer(
    auditRoutes({
      db: bench.db,
      clock: bench.clock,
      audit: bench.audit,
      guard: async () => staff,
      labelsOf: async (kind, ids) =>
        new Map(kind === 'user' ? ids.flatMap((id) => (names.has(id) ? [[id, names.get(id)!]] : [])) : []),
    }),
  )
}
const append = (bench: AuditTestBench, said: Partial<Parameters<AuditTestBench['audit']>[1]>) =>
  bench.db.transaction((tx) =>
    bench.audit(tx, { by: ana, action: 'session.ended', subject: { kind: 'session', id: 'ses_1' }, ...said }),
  )
interface Listed {
  data: { id: string; action: string; text: string; sealed: boolean; actor: { label: string } }[]
  next_cursor: string | null
}

test('the audit is read newest first, page by page, with today’s names and a sentence each', async () => {
  await using bench = await openAuditTestBench()
  for (let index = 0; index < 3; index++) await append(bench, { facts: { reason: 'signed_out_elsewhere' } })
  await bench.seal()
  await append(bench, { action: 'something.unheard-of' })
  await using web = await openRoutes(bench)
  const first = JSON.parse((await web.ask('/v1/audit?limit=2')).text) as Listed
  assert.deepEqual(
    first.data.map((entry) => [entry.id, entry.text, entry.sealed, entry.actor.label]),
    [
      ['aud_4', 'something.unheard-of', false, 'Ana'],
      ['aud_3', 'Ended a session: signed out elsewhere', true, 'Ana'],
    ],
  )
  const rest = JSON.parse((await web.ask(`/v1/audit?limit=2&cursor=${first.next_cursor}`)).text) as Listed
  assert.deepEqual(
    rest.data.map((entry) => entry.id),
    ['aud_2', 'aud_1'],
  )
  assert.equal(rest.next_cursor, null)
})

test('each filter keeps what it names, also a time long ago', async () => {
  await using bench = await openAuditTestBench()
  bench.clock.set(new Date('2025-01-01T10:00:00Z'))
  await append(bench, {
    action: 'organization.created',
    subject: { kind: 'organization', id: 'org_1' },
    organizationId: 'org_1',
  })
  bench.clock.set(new Date('2026-11-21T10:00:00Z'))
  await append(bench, {})
  await append(bench, { by: { ...ana, kind: 'token', id: 'tok_1' } })
  await using web = await openRoutes(bench)
  const ids = async (query: string) =>
    (JSON.parse((await web.ask(`/v1/audit?${query}`)).text) as Listed).data.map((entry) => entry.id)
  assert.deepEqual(await ids('actor=tok_1'), ['aud_3'])
  assert.deepEqual(await ids('subject=org_1'), ['aud_1'])
  assert.deepEqual(await ids('action=session.ended'), ['aud_3', 'aud_2'])
  assert.deepEqual(await ids('organization_id=org_1'), ['aud_1'])
  assert.deepEqual(await ids('from=2025-01-01T10:00:00Z&to=2025-01-01T10:00:01Z'), ['aud_1'])
  assert.deepEqual(await ids('to=2025-01-01T10:00:00Z'), [])
  assert.deepEqual(await ids('from=2026-01-01&actor=usr_ana'), ['aud_2'])
})

test('what is not ours is refused, and what is not there is not found', async () => {
  await using bench = await openAuditTestBench()
  await using web = await openRoutes(bench)
  assert.equal((await web.ask('/v1/audit?cursor=bm90IG91cnM')).problem.code, 'audit.bad_cursor')
  assert.equal((await web.ask('/v1/audit?from=yesterday')).problem.code, 'audit.bad_time')
  assert.equal((await web.ask('/v1/audit/aud_99')).problem.code, 'audit.no_entry')
  assert.equal((await web.ask('/v1/audit/nonsense')).status, 404)
})

test('an export has every entry, says how to save it, and is an entry itself', async () => {
  await using bench = await openAuditTestBench()
  await bench.tamper(`insert into audit.entry (at, action, actor_kind, actor_id, subject_kind, subject_id, facts)
    select now(), 'thing.made', 'person', 'usr_ana', 'thing', 'thg_' || n, '{}' from generate_series(1, 1203) as n`)
  await using web = await openRoutes(bench)
  const csv = await web.ask('/v1/audit/export?format=csv&action=thing.made')
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/)
  assert.equal(csv.headers.get('content-disposition'), 'attachment; filename="audit.csv"')
  const lines = csv.text.split('\r\n')
  assert.equal(lines.length, 1 + 1203 + 1)
  assert.match(lines[0]!, /^id,at,action,text,actor_kind/)
  assert.match(lines[1]!, /^aud_1203,/)
  const documents = (await web.ask('/v1/audit/export?format=ndjson&action=audit.exported')).text.trim().split('\n')
  const entries = documents.map((line) => JSON.parse(line) as { actor: { id: string }; facts: object })
  assert.deepEqual(
    entries.map((entry) => [entry.actor.id, entry.facts]),
    [
      ['usr_staff', { format: 'ndjson', action: 'audit.exported' }],
      ['usr_staff', { format: 'csv', action: 'thing.made' }],
    ],
  )
})

test('no field of a file begins a formula or ends its line', () => {
  assert.equal(csvField('=1+1'), `'=1+1`)
  assert.equal(csvField('-2'), `'-2`)
  assert.equal(csvField('@sum'), `'@sum`)
  assert.equal(csvField('a "b", c'), '"a ""b"", c"')
  assert.equal(csvLine(['a', 'b\r\nc', '']), 'a,"b\r\nc",\r\n')
})

test('what is documented of the audit is what is answered', async () => {
  await using bench = await openAuditTestBench()
  await append(bench, { by: { ...ana, impersonatorId: 'usr_support' } })
  await bench.seal()
  await using web = await openRoutes(bench)
  const { paths } = web.server.openApi() as {
    paths: Record<string, { get: { responses: Record<string, { content: Record<string, { schema: object }> }> } }>
  }
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  for (const [path, asked] of [
    ['/v1/audit', '/v1/audit'],
    ['/v1/audit/{id}', '/v1/audit/aud_1'],
    ['/v1/audit/seal', '/v1/audit/seal'],
  ] as const) {
    const { text, status } = await web.ask(asked)
    assert.equal(status, 200, text)
    const validate = ajv.compile(paths[path]!.get.responses[200]!.content['application/json']!.schema)
    assert.ok(validate(JSON.parse(text)), `${path} ${JSON.stringify(validate.errors)}`)
  }
})
