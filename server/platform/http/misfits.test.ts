import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { json, on, orNull } from './index.ts'
import { openTestServer } from './testing.ts'

const State = Type.Union([Type.Literal('active'), Type.Literal('blocked')])
const Role = Type.Unsafe<string>({ type: 'string', enum: ['administrator', 'support'] })
const Accent = orNull(Type.Object({ hue: Type.Number({ maximum: 360 }) }))
const Body = Type.Object({
  role: Type.Optional(Role),
  roles: Type.Optional(Type.Array(Role)),
  accent: Type.Optional(Accent),
  name: Type.Optional(orNull(Type.String())),
  reason: Type.Optional(Type.String({ minLength: 10, pattern: '\\S.{8,}\\S' })),
})

test('who chose a word that is none of the words is told which there are, once', async () => {
  const said = { tag: 'test', summary: 'Test' }
  await using web = await openTestServer([
    on('GET /people', { ...said, query: Type.Object({ state: Type.Optional(State) }) }, () => json(200, {})),
    on('POST /people', { ...said, body: Body }, () => json(200, {})),
  ])
  const toldOf = async (path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) }
    const { status, problem } = await web.ask(path, init)
    assert.equal(status, 400)
    return problem?.detail
  }
  const told = (list: string) => `The request does not fit: ${list}.`
  assert.equal(await toldOf('/people?state=x'), told('querystring/state must be one of active, blocked'))
  const cases = [
    [{ role: 'king' }, 'body/role must be one of administrator, support'],
    [{ roles: ['king', 'queen'] }, 'body/roles/0 must be one of administrator, support'],
    [{ accent: { hue: 900 } }, 'body/accent/hue must be <= 360'],
  ] as const
  for (const [body, list] of cases) {
    const detail = (await toldOf('/people', body)) ?? ''
    assert.ok(detail.startsWith(`The request does not fit: ${list}`), detail)
    assert.doesNotMatch(detail, /constant|anyOf|must be null/, detail)
  }
  assert.equal(await toldOf('/people', { name: 5 }), told('body/name must be string'))
  assert.equal(await toldOf('/people', { reason: 'x' }), told('body/reason must not have fewer than 10 characters'))
})
