import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { makeFile, readFileIfThere, replaceFile } from './durable-file.ts'
import { makeTestFolder, ordinaryUser, removeTestFolder } from './testing/index.ts'

let folder: string
before(async () => {
  folder = await makeTestFolder()
})
after(() => removeTestFolder(folder))

test('what was written is what is read, by its owner only, and nothing is left beside it', async () => {
  const path = join(folder, 'deep', 'er', 'file.json')
  await replaceFile(path, 'one')
  await replaceFile(path, 'two')
  assert.equal(await readFileIfThere(path), 'two')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  assert.equal((await stat(join(folder, 'deep'))).mode & 0o777, 0o700)
  assert.deepEqual(await readdir(join(folder, 'deep', 'er')), ['file.json'])
})

test('a file that is not there is undefined, and any other fault is thrown', async () => {
  assert.equal(await readFileIfThere(join(folder, 'none')), undefined)
  await assert.rejects(readFileIfThere(folder), { code: 'EISDIR' })
})

test('two writers at once leave the whole of one of them', async () => {
  const path = join(folder, 'contended')
  const contents = Array.from({ length: 20 }, (_, n) => String(n).repeat(10_000))
  await Promise.all(contents.map((content) => replaceFile(path, content)))
  assert.ok(contents.includes(await readFile(path, 'utf8')))
})

test('of two who make a file one succeeds, and neither ever reads half of it', async () => {
  const path = join(folder, 'made')
  const made = await Promise.all(
    Array.from({ length: 10 }, async (_, n) => {
      const isMine = await makeFile(path, `made by ${n}`)
      assert.match(await readFile(path, 'utf8'), /^made by \d$/)
      return isMine
    }),
  )
  assert.equal(made.filter(Boolean).length, 1)
  assert.equal(await makeFile(path, 'again'), false)
})

test('a process killed while it writes leaves the old content or the new, never half of one', async () => {
  const path = join(folder, 'killed')
  await replaceFile(path, 'a'.repeat(200_000))
  const module = new URL('./durable-file.ts', import.meta.url).href
  const script = `
    import { replaceFile } from ${JSON.stringify(module)}
    for (let n = 0; ; n++) {
      await replaceFile(${JSON.stringify(path)}, (n % 2 ? 'a' : 'b').repeat(200_000))
      process.stdout.write('.')
    }`
  for (let round = 0; round < 5; round++) {
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(writer, 'exit')
    await once(writer.stdout, 'data')
    writer.kill('SIGKILL')
    await ended
    assert.match(await readFile(path, 'utf8'), /^(a{200000}|b{200000})$/)
  }
})

test('a fault while writing leaves what was there and nothing beside it', async (t) => {
  const place = join(folder, 'read-only')
  await mkdir(place)
  await writeFile(join(place, 'file'), 'old')
  await mkdir(join(place, 'target'))
  await writeFile(join(place, 'target', 'in-the-way'), '')
  // A folder that is not empty cannot be replaced by a file: the rename fails, for root as well.
  await assert.rejects(replaceFile(join(place, 'target'), 'new'))
  assert.deepEqual((await readdir(place)).sort(), ['file', 'target'])

  if (ordinaryUser().prefix.length > 0) return t.diagnostic('root may write everywhere')
  await chmod(place, 0o500)
  await assert.rejects(replaceFile(join(place, 'file'), 'new'), { code: 'EACCES' })
  assert.equal(await readFile(join(place, 'file'), 'utf8'), 'old')
})
