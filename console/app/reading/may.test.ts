import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFile } from 'node:fs/promises'
import { allScopes, scopes } from '../api/wire/scopes.ts'
import { reasonNotAllowed } from './may.ts'

test('what a role may not do is said in the words of its scope', () => {
  const support = { role: 'support', scopes: ['users:read'] } as const
  const actor = { role: support.role, scopes: [...support.scopes] }
  assert.equal(reasonNotAllowed(actor, 'users:read'), null)
  assert.equal(
    reasonNotAllowed(actor, 'applications:write'),
    'Your role (support) does not include: make and change applications and their keys. An administrator can.',
  )
})

test('as long as the role is not known nothing is withheld: access decides', () => {
  assert.equal(reasonNotAllowed(undefined, 'users:write'), null)
})

test('the scopes are those of the server, in the same words', async () => {
  const server = await readFile(new URL('../../../server/ground/environment/scopes.ts', import.meta.url), 'utf8')
  for (const scope of allScopes) assert.ok(server.includes(`'${scope}': '${scopes[scope]}'`), scope)
  assert.equal(server.match(/^ {2}'[a-z]+:[a-z]+': /gm)?.length, allScopes.length)
})
