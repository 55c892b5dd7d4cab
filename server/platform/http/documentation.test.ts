import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Type } from 'typebox'
import { refusals } from '../refusal.ts'
import { empty, json, on, page, platformRefusals } from './index.ts'
import { openTestServer } from './testing.ts'

const Thing = Type.Object({ id: Type.String(), size: Type.Union([Type.Integer(), Type.Null()]) })
const refuse = refusals('things', { not_found: [404, 'There is no thing {id}.'] })

const openThings = () =>
  openTestServer(
    [
      on(
        'GET /v1/things/{id}',
        { tag: 'things', summary: 'One thing', params: Type.Object({ id: Type.String() }), answers: { 200: Thing } },
        ({ params }) => {
          if (params.id === '0') throw refuse('not_found', { id: params.id })
          return json(200, { id: params.id, size: null })
        },
      ),
      on(
        'POST /v1/things',
        { tag: 'things', summary: 'Make a thing', body: Thing, answers: { 201: Thing } },
        ({ body }) => json(201, body),
      ),
      on(
        'GET /v1/things',
        { tag: 'things', summary: 'Things', query: Type.Object({ limit: Type.Optional(Type.Integer()) }) },
        () => json(200, []),
      ),
      on('DELETE /v1/things/{id}', { tag: 'things', summary: 'Remove', answers: { 204: null } }, () => empty(204)),
      on('GET /page', { tag: 'pages', summary: 'A page', kind: 'page' }, () => page(200, '')),
    ],
    { documentation: { title: 'Things', version: '1.2.3', description: 'Of things.' } },
  )

interface Operation {
  summary: string
  parameters?: { in: string; name: string; required?: boolean; schema: object }[]
  requestBody?: { content: Record<string, { schema: object }> }
  responses: Record<string, { description: string; content?: Record<string, { schema: object }> }>
}
interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  paths: Record<string, Record<string, Operation>>
}

test('the OpenAPI document is valid 3.1: every parameter of a path is declared, every answer described, every schema compiles', async () => {
  await using web = await openThings()
  const { text } = await web.ask('/openapi.json')
  const document = JSON.parse(text) as OpenApi
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual([document.info.title, document.info.version], ['Things', '1.2.3'])
  assert.deepEqual(document.servers, [{ url: 'http://localhost:4000' }])
  assert.deepEqual(Object.keys(document.paths).sort(), ['/v1/things', '/v1/things/{id}'])
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
  addFormats.default(ajv)

  for (const [path, operations] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
    for (const [method, operation] of Object.entries(operations)) {
      assert.match(method, /^(get|post|put|patch|delete)$/, 'HEAD and what is not answered are not listed')
      assert.ok(operation.summary)
      const declared = (operation.parameters ?? []).filter((each) => each.in === 'path')
      assert.deepEqual(declared.map((each) => each.name).sort(), names.sort(), `${method} ${path}`)
      assert.ok(declared.every((each) => each.required === true))
      assert.ok(operation.responses.default)
      for (const [status, answer] of Object.entries(operation.responses)) {
        assert.match(status, /^([1-5]\d\d|default)$/)
        assert.ok(answer.description, `${method} ${path} ${status}`)
      }
      const schemas = [
        ...(operation.parameters ?? []).map((each) => each.schema),
        ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((each) =>
          Object.values(each?.content ?? {}).map(({ schema }) => schema),
        ),
      ]
      for (const schema of schemas) ajv.compile(schema)
    }
  }
})

test('what is documented is what is answered, in its media type, refusals too', async () => {
  await using web = await openThings()
  const document = web.server.openApi() as OpenApi
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  const hold = async (method: string, path: string, pattern: string, init: RequestInit = {}) => {
    const answer = await web.ask(path, { method: method.toUpperCase(), ...init })
    const { responses } = document.paths[pattern]![method]!
    const { content } = (responses[answer.status] ?? responses.default)!
    const media = answer.headers.get('content-type')?.split(';', 1)[0]
    if (!content) return assert.equal(answer.text, '')
    assert.ok(media && content[media], `${method} ${path} answers ${answer.status} as ${media}`)
    const validate = ajv.compile(content[media].schema)
    assert.ok(validate(JSON.parse(answer.text)), JSON.stringify(validate.errors))
  }
  await hold('get', '/v1/things/1', '/v1/things/{id}')
  await hold('get', '/v1/things/0', '/v1/things/{id}')
  await hold('delete', '/v1/things/1', '/v1/things/{id}')
  await hold('get', '/v1/things?limit=x', '/v1/things')
  const post = { headers: { 'content-type': 'application/json' } }
  await hold('post', '/v1/things', '/v1/things', { ...post, body: '{"id":"1","size":2}' })
  await hold('post', '/v1/things', '/v1/things', { ...post, body: '{' })
})

test('every problem points to the place where its code is explained, at our own origin', async () => {
  await using web = await openThings()
  const { problem } = await web.ask('/v1/things/0')
  assert.equal(problem.type, 'http://localhost:4000/docs/problems#things.not_found')
})

test('what the platform itself refuses is listed for whoever explains the codes', () => {
  const codes = platformRefusals.map(({ code }) => code)
  for (const code of ['request.bad_json', 'request.not_found', 'platform.database_unavailable', 'platform.bug']) {
    assert.ok(codes.includes(code), code)
  }
  assert.equal(new Set(codes).size, codes.length)
})
