import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const settings = new Set(read('docs/settings.md').match(/HOLDFAST_[A-Z0-9_]+/g))
/** Of the compose file and its script alone: passwords that are parts of settings. */
const OF_COMPOSE = new Set(['HOLDFAST_OWNER_PASSWORD', 'HOLDFAST_APP_PASSWORD'])
const ANALYZE = '/usr/bin/systemd-analyze'

test('what is deployed names settings that exist: an unknown one would stop the start', () => {
  const paths = globSync('deploy/{container,systemd}/*', { cwd: ROOT })
  assert.ok(paths.length >= 6, `${paths}`)
  for (const path of paths) {
    for (const name of read(path).match(/HOLDFAST_[A-Z0-9_]+/g) ?? []) {
      assert.ok(settings.has(name) || OF_COMPOSE.has(name), `${path} names ${name}`)
    }
  }
})

interface Service {
  image: string
  volumes?: string[]
  read_only?: boolean
  cap_drop?: string[]
  healthcheck?: object
  ports?: string[]
}

test('in the compose file access is nobody in particular, shares no data folder, and is open to this machine alone', () => {
  const { services } = parse(read('deploy/container/compose.yaml'), { merge: true }) as {
    services: Record<string, Service>
  }
  const access = ['access-a', 'access-b'].map((name) => services[name]!)
  for (const service of access) {
    assert.deepEqual([service.read_only, service.cap_drop], [true, ['ALL']])
    assert.ok(service.ports?.every((port) => port.startsWith('127.0.0.1:')))
  }
  assert.notDeepEqual(access[0]!.volumes, access[1]!.volumes)
  for (const name of ['postgres', 'valkey']) assert.ok(services[name]!.healthcheck, name)
  const dockerfile = read('deploy/container/Dockerfile')
  assert.match(dockerfile, /^USER 10001:10001$/m)
  for (const [, path] of dockerfile.matchAll(/"\/opt\/holdfast\/([\w./-]+)"/g))
    assert.ok(existsSync(join(ROOT, path!)), `${path} is not there`)
})

test('systemd understands the unit', { skip: existsSync(ANALYZE) ? false : 'apt-get install systemd' }, () => {
  const unit = join(ROOT, 'deploy/systemd/holdfast-access.service')
  const { stderr } = spawnSync(ANALYZE, ['verify', unit], { encoding: 'utf8' })
  // Holdfast is not in /opt here; whatever else it has to say is a fault.
  const complaints = stderr.split('\n').filter((line) => line !== '' && !line.includes('/opt/holdfast'))
  assert.deepEqual(complaints, [])
})
