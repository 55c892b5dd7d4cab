import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { test } from 'node:test'

/** Everything in this folder is served to everybody, so the tests of it stand here. */
const folder = new URL('../../../assets/', import.meta.url)

test('every file that the style sheet names is there, and the fonts are those of the pinned package', async () => {
  const style = await readFile(new URL('hosted.css', folder), 'utf8')
  const named = [...style.matchAll(/url\("([^"]+)"\)/g)].map((match) => match[1]!)
  assert.equal(named.length, 4)
  const packageFile = new URL(import.meta.resolve('@fontsource-variable/inter/package.json'))
  const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
  for (const name of named) {
    const [, subset] = name.match(`^inter-v${version.replaceAll('.', '-')}-(.+)\\.woff2$`)!
    const source = new URL(`./files/inter-${subset}-wght-normal.woff2`, packageFile)
    assert.deepEqual(await readFile(new URL(name, folder)), await readFile(source), name)
  }
})

/** The one script that asks: our own origin, for a challenge. */
const ASKING = new Set(['passkeys.js'])

test('style and script ask nobody outside: no other origin, no eval, nothing large', async () => {
  for (const name of await readdir(folder)) {
    const content = await readFile(new URL(name, folder))
    assert.ok(content.length < 100_000, `${name} is ${content.length} bytes`)
    if (/\.(css|js)$/.test(name)) assert.doesNotMatch(content.toString(), /https?:\/\/|@import|eval\(|innerHTML/, name)
    if (!ASKING.has(name)) assert.doesNotMatch(content.toString(), /fetch\(/, name)
  }
})
