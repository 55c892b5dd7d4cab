import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeTestFolder, removeTestFolder } from '../platform/testing/index.ts'
import { prepareDataFolder } from './data-folder.ts'

test('the data folder is made for its owner alone, and refused in one line when the disk is nearly full', async (t) => {
  const outer = await makeTestFolder()
  t.after(() => removeTestFolder(outer))
  const folder = join(outer, 'a/b')
  await prepareDataFolder(folder, 1)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  assert.deepEqual(await readdir(folder), [])
  await assert.rejects(prepareDataFolder(folder, Number.MAX_SAFE_INTEGER), (error: Error) => {
    assert.match(
      error.message,
      /^The data folder \S+ has \d+ MB left and needs \d+ MB: make room, or set HOLDFAST_DATA[^\n]+$/,
    )
    return true
  })
})

/** Either way gives a mount of one's own; which one is allowed depends on the machine. */
const waysToMount = [
  ['--user', '--map-root-user', '--mount', '--'],
  ['--mount', '--'],
]
const mayMount = waysToMount.find(
  (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0,
)

test('a full disk and a read-only one are each told in one line', {
  skip: !mayMount && 'nothing may be mounted here',
}, async (t) => {
  const folder = await makeTestFolder()
  t.after(() => removeTestFolder(folder))
  const program = `
    const { prepareDataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))})
    await prepareDataFolder(${JSON.stringify(folder)}, 0).catch((error) => console.log(error.name, error.message))`
  const check = (options: string, line: RegExp) => {
    const script = `mount -t tmpfs -o ${options} none "$0" && exec "$@"`
    const words = [...mayMount!, 'sh', '-c', script, folder, process.execPath, '--input-type=module', '--eval', program]
    assert.match(spawnSync('unshare', words, { encoding: 'utf8' }).stdout, line)
  }
  check('size=16k', /^StartRefused The data folder \S+ lies on a full disk: make room, or set HOLDFAST_DATA[^\n]+\n$/)
  check('ro', /^StartRefused The data folder \S+ lies on a read-only file system: make it writable[^\n]+\n$/)
})

test('a place in which no folder can be made is told in one line', {
  skip: process.platform !== 'linux' && 'there is no /proc',
}, async () => {
  await assert.rejects(prepareDataFolder('/proc/holdfast/data'), {
    message: /^The data folder \S+ cannot be made: set HOLDFAST_DATA[^\n]+$/,
  })
})
