import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const DEADLINE_MS = 120_000
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')

test('the SDK as it is published runs as plain JavaScript and brings its types', (t) => {
  const build = spawnSync(process.execPath, [join(ROOT, 'scripts/build.ts'), '--when-stale'], { timeout: DEADLINE_MS })
  assert.equal(build.status, 0, String(build.stderr))
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-sdk-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  symlinkSync(join(ROOT, 'sdk/dist'), join(folder, 'sdk'))
  const { exports } = JSON.parse(readFileSync(join(folder, 'sdk/package.json'), 'utf8')) as {
    exports: Record<string, { types: string; default: string }>
  }
  assert.ok(exports['.'] && exports['./verify'])
  const flags = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--types', 'node', '--typeRoots']
  for (const { types, default: code } of Object.values(exports)) {
    const program = `import * as all from ${JSON.stringify(join(folder, 'sdk', code))}\nconsole.log(Object.keys(all).length)`
    const ran = spawnSync(process.execPath, ['--no-strip-types', '--input-type=module', '--eval', program])
    assert.equal(ran.status, 0, String(ran.stderr))
    assert.ok(readFileSync(join(folder, 'sdk', types), 'utf8').length > 0)
  }
  const user = join(folder, 'app.mts')
  writeFileSync(
    user,
    `import { Holdfast } from './sdk/index.js'\nexport const door: Holdfast | undefined = undefined\n`,
  )
  const checked = spawnSync(process.execPath, [tsc, ...flags, join(ROOT, 'node_modules/@types'), user])
  assert.equal(checked.status, 0, String(checked.stdout))
})
