/** What the documents say is there, is there: paths, commands, settings, tests by name. */
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const exclude = ['**/node_modules/**', '**/dist/**', '**/.*/**']
const files = globSync('**/*', { cwd: ROOT, exclude }).filter((path) => basename(path).includes('.'))
const documents = new Map(files.filter((path) => path.endsWith('.md')).map((path) => [path, read(path)]))

/** Made at run time, in the data folder of access or of an SDK; and files of nobody's repository. */
const MADE_LATER = new Set([
  'access-processes.json',
  ...[
    'supervisor.json',
    'connection.json',
    'stamp.json',
    'pending-ends.json',
    'revocations.jsonl',
    'deadlines.jsonl',
    'applications.json',
    'providers.json',
    'provider-documents.json',
    'tombstones.jsonl',
    // Of a backup and its target.
    'holdfast.json',
    'head.json',
    'manifest.json',
  ],
  ...['administrators.json', 'keys.json', 'sign-outs.json', 'drill.json', 'mail.json', 'jwks.json', 'openapi.json'],
])
/** The names of files that people write and we ship: a word with one of these endings is meant as a path. */
const PATH = /^[\w@.][\w@./-]*\.(?:tsx?|js|json|jsonl|md|sql|css|html|png)$/
/** A folder of this repository, named from its root. */
const FOLDER = /^(?:server|sdk|cli|console|drills|bench|doubles|examples|docs|scripts)\/[\w./-]*$/

const codeSpans = (text: string) => [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
const fences = (text: string) => [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1]!)
const withoutFences = (text: string) => text.replace(/^```.*?^```/gms, '')
const links = (text: string) => [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!)

/** One sentence for each thing that a document names and that is not there. */
function complaints(check: (document: string, text: string) => string[]): string[] {
  assert.ok(documents.size > 20, `only ${documents.size} documents were found`)
  return [...documents].flatMap(([document, text]) => check(document, text).map((what) => `${document}: ${what}`))
}

test('every link between documents leads somewhere', () => {
  const broken = complaints((document, text) =>
    links(text)
      .filter((target) => !/^(https?:|#)/.test(target))
      .filter((target) => !existsSync(join(ROOT, dirname(document), target.split('#')[0]!)))
      .map((target) => `links to ${target}, which is not there`),
  )
  assert.deepEqual(broken, [])
})

test('every path that is cited exists', () => {
  const isThere = (document: string, path: string) =>
    existsSync(join(ROOT, path)) ||
    existsSync(join(ROOT, dirname(document), path)) ||
    files.some((file) => file.endsWith(`/${path}`))
  const broken = complaints((document, text) =>
    codeSpans(text)
      .filter((span) => (PATH.test(span) && !MADE_LATER.has(basename(span))) || FOLDER.test(span))
      .filter((path) => !isThere(document, path))
      .map((path) => `cites ${path}, which is not there`),
  )
  assert.deepEqual(broken, [])
})

test('every command that is named exists', () => {
  const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts)
  const commands = read('cli/main.ts')
    .match(/const here = [\s\S]*?\nconst commands/)![0]
    .match(/(?<=^ {2}|[{,] )'?[a-z-]+/gm)!
    .map((name) => name.replace("'", ''))
  const drills = [...read('drills/catalogue.ts').matchAll(/'\.\/([\w-]+)\/drill\.ts'/g)].map((match) => match[1]!)
  assert.ok(scripts.length > 5 && commands.length > 3 && drills.length > 0, 'the lists of commands could not be read')

  const known: Record<string, readonly string[]> = {
    npm: ['ci', 'start', 'test', 'pack', ...scripts.map((name) => `run ${name}`)],
    holdfast: [...commands, 'help', 'version', '--help'],
    'holdfast drill': [...drills, 'all', '<name>|all'],
  }
  const broken = complaints((_, text) =>
    [...codeSpans(text), ...fences(text).flatMap((block) => block.split(/\n|&&/))].flatMap((line) => {
      const [, program, word, more] =
        line.trim().match(/^(?:npx )?(npm(?: run)?|holdfast) ([a-z-]\S*)(?: ([a-z]\S*))?/) ?? []
      if (!program || !word) return []
      const said = program === 'npm run' ? `run ${word}` : word
      const list = known[program.split(' ')[0]!]!
      if (!list.includes(said)) return [`names "${program} ${word}", which is no command`]
      const isDrill = said === 'drill' && more !== undefined && !known['holdfast drill']!.includes(more)
      return isDrill ? [`names the drill "${more}", which is not there`] : []
    }),
  )
  assert.deepEqual(broken, [])
})

test('every setting that is named exists, and every one is explained', () => {
  const settings = ['server/config.ts', 'server/backup-settings.ts', 'server/provider-settings.ts']
    .map(read)
    .join('\n')
    .match(/^ {2}HOLDFAST_\w+(?=: \{)/gm)!
    .map((name) => name.trim())
  assert.ok(settings.length > 10, 'the settings could not be read')
  // The app's own, in the SDK's examples.
  const known = new Set([...settings, 'HOLDFAST_KEY', 'HOLDFAST_TOKEN'])
  const broken = complaints((_, text) =>
    [...text.matchAll(/HOLDFAST_[A-Z]+(?:_[A-Z][A-Z0-9]*)*/g)]
      .map(([name]) => name)
      .filter((name) => !known.has(name))
      .map((name) => `names ${name}, which is no setting`),
  )
  assert.deepEqual(broken, [])
  const operating = documents.get('docs/operating.md')!
  assert.deepEqual(
    settings.filter((name) => !operating.includes(name)),
    [],
  )
})

test('every test that a decision leans on exists by that name', () => {
  const tests = files.filter((path) => /\.test\.tsx?$/.test(path)).map(read)
  const broken = complaints((document, text) => {
    if (!document.startsWith('docs/decisions/')) return []
    const [, confirmation = ''] = text.split('**Confirmation.**')
    const oneLine = confirmation.replace(/\s+/g, ' ')
    return [...oneLine.matchAll(/(?<=^|[\s(])'([^']{20,200})'/g)]
      .map((match) => match[1]!)
      .filter((name) => !tests.some((test) => test.includes(name)))
      .map((name) => `leans on the test '${name}', which is not there`)
  })
  assert.deepEqual(broken, [])
})

test('every decision is in the list, has its five parts and fits on a page', () => {
  const list = documents.get('docs/decisions/README.md')!
  const parts = ['Context', 'Decision', 'Not chosen', 'Consequences', 'Confirmation']
  for (const [document, text] of documents) {
    if (!/^docs\/decisions\/\d{4}-/.test(document)) continue
    assert.ok(list.includes(`(${basename(document)})`), `${document} is not in the list`)
    const missing = parts.filter((part) => !text.includes(`**${part}.**`))
    assert.deepEqual(missing, [], document)
    assert.ok(text.split('\n').length <= 60, `${document} is longer than a page`)
  }
})

test('documents that are read first are short enough to be read', () => {
  const limits: [RegExp, number][] = [
    [/^ARCHITECTURE\.md$/, 300],
    [/^README\.md$/, 150],
    [/^server\/.*README\.md$/, 40],
  ]
  for (const [document, text] of documents) {
    const lines = text.trimEnd().split('\n').length
    for (const [which, max] of limits) {
      if (which.test(document)) assert.ok(lines <= max, `${document} has ${lines} lines; ${max} are allowed`)
    }
  }
})
