import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons } from '../../../sdk/contract.ts'
import { type Call, on, page } from '../../platform/http/index.ts'
import { refusals } from '../../platform/refusal.ts'
import { callers, documentationRoutes, securitySchemes } from './index.ts'

const { listed } = refusals('things', {
  bad_thing: [400, 'This is no thing: <b>{what}</b>.'],
  thing_gone: [410, 'The thing has gone.'],
  busy: [503, 'Not now.'],
})
const Thing = {
  type: 'object',
  description: 'One thing.',
  required: ['id'],
  properties: {
    id: { type: 'string', description: 'Which <i>one</i>.' },
    inner: { type: 'object', properties: { a: {} } },
  },
}
const problem = { type: 'object', properties: { code: { type: 'string' } } }
const document = {
  openapi: '3.1.0',
  info: { title: 'Things', version: '1', description: 'Of things.' },
  tags: [
    { name: 'things', description: 'What there is.' },
    { name: 'unused', description: 'Nothing.' },
  ],
  paths: {
    '/v1/things/{id}': {
      get: {
        operationId: 'getThingsById',
        summary: 'One thing',
        tags: ['things'],
        security: callers.staff('users:read').security,
        parameters: [{ name: 'id', in: 'path', required: true, description: 'The id.', schema: { type: 'string' } }],
        responses: {
          200: { description: 'As asked', content: { 'application/json': { schema: Thing } } },
          404: { description: 'Not found', content: { 'application/problem+json': { schema: problem } } },
          default: { description: 'Refused' },
        },
      },
      delete: {
        operationId: 'deleteThingsById',
        summary: 'Remove',
        tags: ['others'],
        responses: { 204: { description: 'Done' } },
      },
    },
  },
}

let asked = 0
const routes = documentationRoutes({
  openApi() {
    asked++
    return document
  },
  problems: listed,
  routes: [
    on('GET /sign-in', { tag: 'pages', kind: 'page', summary: 'Sign in' }, () => page(200, '')),
    on('GET /v1/hidden', { tag: 'x', summary: 'Not a page' }, () => page(200, '')),
  ],
  origin: 'https://login.acme.example',
  version: '1.2.3',
})

async function shown(path: string): Promise<string> {
  const route = routes.find((each) => each.path === path)!
  const answer = await route.handle({} as Call)
  assert.ok(answer.kind === 'page' && answer.status === 200)
  return answer.html
}

test('every address says who may call it, with what, and what comes back', async () => {
  const html = await shown('/docs')
  for (const part of [
    'id="getThingsById"',
    'id="tag-things"',
    'What there is.',
    'One thing.',
    'The id.',
    'Not found.',
  ]) {
    assert.ok(html.includes(part), part)
  }
  assert.ok(html.includes(callers.staff('users:read').who))
  assert.ok(html.includes('curl &#39;https://login.acme.example/v1/things/text&#39;'))
  assert.ok(html.includes('id="tag-others"'), 'a group that nobody described is shown as well')
  assert.ok(!html.includes('id="tag-unused"'), 'a group without addresses is not')
  assert.match(html, /class="depth-1"><code>a<\/code>/)
  assert.ok(html.includes('Which &lt;i&gt;one&lt;/i&gt;.'))
})

test('pages for people are listed, and other routes are left to OpenAPI', async () => {
  const html = await shown('/docs')
  assert.match(html, /sign-in<\/span><\/span><\/th><td>Sign in<\/td>/)
  assert.ok(!html.includes('Not a page'))
})

test('the document is read once, whoever asks how often', async () => {
  await Promise.all([shown('/docs'), shown('/docs')])
  assert.equal(asked, 1)
})

test('every code is at its anchor, with its status, its sentence and what to do', async () => {
  const html = await shown('/docs/problems')
  for (const { code } of listed) assert.ok(html.includes(`id="${code}"`), code)
  assert.match(html, /This is no thing: &lt;b&gt;<var>what<\/var>&lt;\/b&gt;\./)
  assert.match(html, /id="things\.busy"[\s\S]*?503[\s\S]*?Not now\.[\s\S]*?sign nobody out/)
  for (const reason of Object.keys(reasons)) assert.ok(html.includes(`id="sessions.${reason}"`), reason)
  assert.match(html, /id="sessions\.superseded"[\s\S]*?The cookies are kept/)
  assert.match(html, /id="sessions\.revoked"[\s\S]*?clears the cookies/)
})

test('a code with two meanings stops the start', () => {
  const twice = [...listed, { code: 'things.busy', status: 409, sentence: 'Another.' }]
  const open = () =>
    documentationRoutes({ openApi: () => document, problems: twice, routes: [], origin: '', version: '' })
  assert.throws(open, /more than one meaning for things\.busy/)
})

test('neither page has script, style of its own, or anything from elsewhere', async () => {
  for (const html of [await shown('/docs'), await shown('/docs/problems')]) {
    assert.doesNotMatch(html, /<script|<style|\sstyle=|\son\w+=|src="http|href="http/)
  }
})

test('everything that a caller may show is declared, with the prefix of cookies where it is https', () => {
  const declared = new Set(Object.keys(securitySchemes('http://localhost:4000')))
  for (const caller of Object.values(callers)) {
    const { security } = typeof caller === 'function' ? caller('users:read') : caller
    for (const name of security.flatMap((all) => Object.keys(all))) assert.ok(declared.has(name), name)
  }
  assert.equal(securitySchemes('http://localhost:4000').session.name, 'hf_session')
  assert.equal(securitySchemes('https://login.acme.example').session.name, '__Host-hf_session')
})
