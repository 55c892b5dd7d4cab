import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { Resolver } from 'node:dns/promises'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { answerTo, startNameServer } from './name-server.ts'
import { askingTable, lookIn, openNames } from './names-table.ts'

function openTable(t: { after(undo: () => void): void }) {
  const folder = mkdtempSync(join(tmpdir(), 'drill-names-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return openNames(join(folder, 'names.json'), ['a.drill.test'])
}

test('a name leads to this machine until it is taken away, for whoever asks the server and whoever reads the table', async (t) => {
  const names = openTable(t)
  await using server = await startNameServer(names.path)
  const resolver = new Resolver({ timeout: 2000, tries: 1 })
  resolver.setServers([server.address])
  assert.deepEqual(await resolver.resolve4('a.drill.test'), ['127.0.0.1'])
  await assert.rejects(resolver.resolve6('a.drill.test'), { code: 'ENODATA' })
  names.remove('a.drill.test')
  await assert.rejects(resolver.resolve4('a.drill.test'), { code: 'ENOTFOUND' })
  assert.equal(lookIn(names.path, 'a.drill.test'), null)
  names.add('a.drill.test')
  assert.equal(lookIn(names.path, 'a.drill.test'), '127.0.0.1')
})

test('a dead resolver answers nobody, and goes on where it was', async (t) => {
  const names = openTable(t)
  await using server = await startNameServer(names.path)
  const resolver = new Resolver({ timeout: 50, tries: 1 })
  resolver.setServers([server.address])
  names.die()
  await assert.rejects(resolver.resolve4('a.drill.test'), { code: 'ETIMEOUT' })
  assert.equal(lookIn(names.path, 'a.drill.test'), null)
  names.revive()
  assert.equal(lookIn(names.path, 'a.drill.test'), '127.0.0.1')
})

test('a process that asks the table finds its names, loses them, and finds all others as ever', async (t) => {
  const names = openTable(t)
  const program = `
    import { lookup } from 'node:dns'
    import dns from 'node:dns/promises'
    const found = await new Promise((resolve) => lookup('a.drill.test', { all: true }, (error, all) => resolve(error?.code ?? all)))
    const later = await dns.lookup('b.drill.test').catch((error) => error.code)
    const own = await dns.lookup('localhost', { family: 4 })
    console.log(JSON.stringify([found, later, own.address]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env.PATH, ...askingTable(names.path) },
    timeout: 20_000,
  })
  assert.deepEqual(JSON.parse(stdout), [[{ address: '127.0.0.1', family: 4 }], 'ENOTFOUND', '127.0.0.1'])
})

test('what is no question gets no answer', () => {
  const check = (hex: string) => assert.equal(answerTo(Buffer.from(hex, 'hex'), []), null)
  check('')
  check('000100000001000000000000')
  check('00010000000100000000000005616263')
  check('000100000001000000000000c00c00010001')
})
