import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AccessDouble, APPLICATION_KEY } from './testing/access-double.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
/** Inside the workspace, so that `@holdfast/sdk` is found as an app would find it. Ignored by git. */
const SCRATCH = join(HERE, '.scratch')
const PATIENCE_MS = 60_000

/** Every `@example` of every file that is published. */
async function findExamples(): Promise<{ name: string; code: string }[]> {
  const paths = await Array.fromAsync(glob('{*,flags/client/*}.ts', { cwd: HERE, exclude: ['*.test.ts'] }))
  const files = await Promise.all(paths.sort().map(async (path) => [path, await readFile(join(HERE, path), 'utf8')]))
  return files.flatMap(([path, text]) =>
    [...text!.matchAll(/@example\n\s*\* ```ts\n([\s\S]*?)\n\s*\* ```/g)].map((match, index) => ({
      name: `${path} ${index + 1}`,
      code: match[1]!.replace(/^\s*\* ?/gm, ''),
    })),
  )
}

test('every example in the documentation runs as it stands, and ends by itself', async (context) => {
  const examples = await findExamples()
  assert.ok(examples.length >= 10, `${examples.length} examples were found`)
  await using access = await AccessDouble.open()
  await mkdir(SCRATCH, { recursive: true })
  const folder = await mkdtemp(join(SCRATCH, 'examples-'))
  try {
    for (const [index, { name, code }] of examples.entries()) {
      await context.test(name, async () => {
        const cwd = join(folder, String(index))
        await mkdir(cwd)
        await writeFile(join(cwd, 'example.ts'), code)
        const env = { PATH: process.env.PATH, HOLDFAST_URL: access.url, HOLDFAST_KEY: APPLICATION_KEY }
        const { stdout } = await promisify(execFile)(process.execPath, ['example.ts'], {
          cwd,
          env,
          timeout: PATIENCE_MS,
        })
        // What a comment promises behind `console.log(…)` is what is printed, unless it says more than one thing.
        for (const [, promised] of code.matchAll(/console\.log\(.*\) \/\/ (.+)/g)) {
          if (!promised!.includes(',') && !promised!.includes(' as '))
            assert.ok(stdout.includes(promised!), `${promised} in ${stdout}`)
        }
      })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('every export of the package has documentation', async () => {
  const exports = await import('./index.ts')
  const texts = await Promise.all(
    (await Array.fromAsync(glob('{*,flags/client/*}.ts', { cwd: HERE, exclude: ['*.test.ts'] }))).map((path) =>
      readFile(join(HERE, path), 'utf8'),
    ),
  )
  const own = [
    'Holdfast',
    'ProofCache',
    'createFetchHandler',
    'createHandler',
    'flagsFor',
    'FlagRefused',
    'sessionOfClaims',
    'signInPath',
    'verifyProof',
  ]
  for (const name of own) {
    assert.ok(name in exports, name)
    const documented = new RegExp(`@example(?:(?!\\*/)[\\s\\S])*\\*/\\nexport (?:class|function|const) ${name}\\b`)
    assert.ok(
      texts.some((text) => documented.test(text)),
      `${name} has no example`,
    )
  }
})
