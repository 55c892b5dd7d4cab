import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { openStage, type Stage } from './access/testing.ts'
import { exampleOf } from './ground/documentation/examples.ts'
import { type Located, type OpenApi, operationsOf, type Schema } from './ground/documentation/open-api.ts'

/** The document and the pages of a whole access process: what only the wiring can get wrong. */
interface Whole extends OpenApi {
  openapi: string
  servers: { url: string }[]
  components: { securitySchemes: Record<string, Record<string, string>> }
}

let stage: Stage
let document: Whole
let operations: Located[]

before(async () => {
  stage = await openStage()
  document = JSON.parse((await get('/openapi.json')).text) as Whole
  operations = operationsOf(document)
})
after(() => stage?.[Symbol.asyncDispose]())

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(`${stage.url}${path}`, { redirect: 'manual', ...init })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const named = ({ method, path }: Located) => `${method} ${path}`

test('the OpenAPI document is valid 3.1: ids, groups, places and schemes are all declared', () => {
  assert.match(document.openapi, /^3\.1\.\d+$/)
  assert.ok(document.info.title && document.info.version)
  assert.deepEqual(document.servers, [{ url: stage.url }])
  assert.ok(operations.length > 15, `only ${operations.length} operations`)

  const ids = operations.map(({ operationId }) => operationId)
  assert.equal(new Set(ids).size, ids.length, 'an operationId twice')
  for (const id of ids) assert.match(id, /^[a-z][A-Za-z0-9]+$/)

  const described = new Map(document.tags!.map(({ name, description }) => [name, description]))
  const used = new Set(operations.flatMap(({ tags }) => tags ?? []))
  assert.deepEqual([...described.keys()].toSorted(), [...used].toSorted())
  for (const [name, description] of described) assert.ok(description, name)

  const { securitySchemes } = document.components
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    assert.ok(scheme.type === 'http' ? scheme.scheme : scheme.type === 'apiKey' && scheme.in && scheme.name, name)
  }
  for (const operation of operations) {
    assert.equal(operation.tags?.length, 1, named(operation))
    assert.ok(operation.summary, named(operation))
    assert.ok(operation.security, `${named(operation)} says who may call it`)
    for (const name of operation.security.flatMap((all) => Object.keys(all))) assert.ok(name in securitySchemes, name)
    assertParameters(operation)
    assertAnswers(operation)
  }
})

function assertParameters(operation: Located): void {
  const { parameters = [], path } = operation
  const places = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  const ofPath = parameters.filter((each) => each.in === 'path')
  assert.deepEqual(ofPath.map(({ name }) => name).toSorted(), places.toSorted(), named(operation))
  assert.ok(ofPath.every(({ required }) => required === true))
  const keys = parameters.map((each) => `${each.in} ${each.name}`)
  assert.equal(new Set(keys).size, keys.length, `${named(operation)}: a parameter twice`)
  for (const { in: place, name, schema, description } of parameters) {
    assert.match(place, /^(path|query|header|cookie)$/)
    assert.ok(schema && description, `${named(operation)} explains ${name}`)
  }
}

function assertAnswers(operation: Located): void {
  const { responses = {} } = operation
  assert.ok(
    Object.keys(responses).some((status) => /^2\d\d$/.test(status)),
    `${named(operation)} has an answer`,
  )
  for (const [status, { description, content }] of Object.entries(responses)) {
    assert.match(status, /^([2-5]\d\d|default)$/)
    assert.ok(description, `${named(operation)} ${status}`)
    if (content) assert.equal(Object.keys(content).length, 1)
  }
}

const contentsOf = ({ requestBody, responses = {} }: Located) =>
  [requestBody, ...Object.values(responses)].flatMap((each) =>
    Object.entries(each?.content ?? {}).map(([mediaType, { schema }]) => ({ mediaType, schema: schema! })),
  )

test('every schema compiles, every field says what it means, and every example fits', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const mute: string[] = []
  const look = (schema: Schema, place: string): void => {
    for (const [name, inner] of Object.entries(schema.properties ?? {})) {
      if (!inner.description) mute.push(`${place}.${name}`)
      look(inner, `${place}.${name}`)
    }
    for (const inner of [schema.items, ...(schema.anyOf ?? [])]) if (inner) look(inner, place)
  }
  for (const operation of operations) {
    for (const { mediaType, schema } of contentsOf(operation)) {
      look(schema, named(operation))
      const validate = ajv.compile(schema)
      if (mediaType === 'application/json') {
        assert.ok(validate(exampleOf(schema)), `${named(operation)}: ${JSON.stringify(validate.errors)}`)
      }
    }
  }
  assert.deepEqual(mute, [])
})

test('the page of addresses shows every operation and every page for people', async () => {
  const { status, text, headers } = await get('/docs')
  assert.equal(status, 200)
  assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'; style-src 'self'/)
  for (const { operationId } of operations) assert.ok(text.includes(`id="${operationId}"`), operationId)
  for (const title of ['Type the code', 'Profile and sessions', 'Become the first administrator']) {
    assert.ok(text.includes(title), title)
  }
})

test('every problem that is answered leads to a place that is there', async () => {
  const { text } = await get('/docs/problems')
  const json = { 'content-type': 'application/json' }
  const problems = [
    await get('/nowhere'),
    await get('/v1/session'),
    await get('/v1/session', { headers: { cookie: `hf_session=${'A'.repeat(43)}` } }),
    await get('/v1/session', { method: 'PUT' }),
    await get('/v1/sessions'),
    await get('/v1/users'),
    await get('/v1/feed'),
    await get('/v1/feed', { headers: { authorization: 'Bearer hf_production_app_x' } }),
    await get('/v1/sign-in/email', { method: 'POST', headers: json, body: '{' }),
    await get('/v1/sign-in/email', { method: 'POST', headers: json, body: '{"email":"nobody"}' }),
    await get('/v1/sign-in/email/verify', {
      method: 'POST',
      headers: json,
      body: '{"challenge_id":"x","code":"000000"}',
    }),
    await get('/v1/session', { method: 'DELETE', headers: { origin: 'https://evil.test' } }),
  ]
  for (const answer of problems) {
    const { type, code } = JSON.parse(answer.text) as { type: string; code: string }
    assert.equal(type, `${stage.url}/docs/problems#${code}`)
    assert.ok(text.includes(`id="${code}"`), code)
  }
})

test('every table of refusals is listed, but for those that no request meets', async () => {
  const { text } = await get('/docs/problems')
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter((path) => !/test|node_modules/.test(path))
  const tables = sources.flatMap((path) => {
    const source = readFileSync(join(import.meta.dirname, path), 'utf8')
    return [...source.matchAll(/\brefusals\('([\w-]+)', \{(.*?)^\}\)/gms)].map(([, feature, rows]) => ({
      feature,
      rows,
    }))
  })
  assert.ok(tables.length >= 5, `only ${tables.length} tables were found`)
  // Mail is sent after the answer, so that what delivery refuses is told to nobody over HTTP.
  for (const { feature, rows } of tables.filter(({ feature }) => feature !== 'delivery')) {
    for (const [, code] of rows!.matchAll(/^ {2}(\w+): \[/gm)) {
      assert.ok(text.includes(`id="${feature}.${code}"`), `${feature}.${code}`)
    }
  }
})
