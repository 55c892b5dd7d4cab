/** What docs/asvs.md and docs/dependencies.md say is held by a test, or by a constant, is. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const asvs = read('docs/asvs.md')
const register = read('docs/dependencies.md')

/** reference/sign-in.md §4.1. */
const ITEMS = [
  ...[
    '3.3.1-4',
    '3.5.1-3',
    '3.7.2',
    '6.1.3',
    '6.2.x',
    '6.3.4',
    '6.3.6',
    '6.3.8',
    '6.5.1-5',
    '6.6.2-3',
    '6.7.2',
    '6.8.1-4',
  ],
  ...['7.1.1-3', '7.2.3-4', '7.3.1-2', '7.4.1-3', '7.4.5', '7.5.1-2', '7.6.1-2', '9.1.1-3', '9.2.1-4'],
  ...['10.2.2', '10.4.1-8', '10.5.1-5', '10.6.1-2', '13.1.1-4', '13.2.6', '16.2.5', '16.3.1-4', '16.4.2-3', '16.5.2-3'],
].flatMap((range) => {
  const [, section, from, to] = /^(\d+\.\d+)\.(\d+)-(\d+)$/.exec(range) ?? []
  if (!section) return [range]
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, index) => `${section}.${Number(from) + index}`)
})

const rowsOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| --'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '').trim()))
const rows = rowsOf(asvs)
  .filter(([item = '']) => /^\d+\.\d+\./.test(item))
  .map(([item = '', asks = '', does = '', state = '', evidence = '']) => ({
    item: item.split(' ')[0]!,
    asks,
    does,
    state,
    evidence,
  }))
const CITED = /'([^']{10,200})' in `([^`]+\.test\.ts)`/g
const sourceOf = new Map<string, string>()

/** A name in which `…` stands for what the test fills in. */
function isThere(name: string, path: string): boolean {
  if (!sourceOf.has(path)) sourceOf.set(path, read(path))
  const written = name.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`(['\`"])${written.join('\\$\\{\\w+\\}')}\\1`).test(sourceOf.get(path)!)
}

test('every item of the reference has one row, and each row says what is asked, what is done, and why it may be believed', () => {
  assert.deepEqual(rows.map(({ item }) => item).toSorted(), ITEMS.toSorted())
  for (const { item, asks, does, state, evidence } of rows) {
    assert.ok(asks.length > 5 && does.length > 5, item)
    assert.match(state, /^(met|partly|not met|deviation|not applicable)$/, item)
    const cited = [...evidence.matchAll(CITED)]
    if (state === 'met' || state === 'deviation') assert.ok(cited.length > 0, `${item} cites no test`)
    const reason = evidence.replace(CITED, '')
    if (state !== 'met' && state !== 'deviation') assert.ok(reason.length > 15, `${item} gives no reason`)
    if (state === 'not applicable') assert.equal(cited.length, 0, item)
  }
})

test('every test that is cited exists by that name in that file', () => {
  const cited = [...asvs.matchAll(CITED)]
  assert.ok(cited.length > 60, `only ${cited.length} tests are cited`)
  const missing = cited
    .filter(([, name, path]) => !isThere(name!, path!))
    .map(([, name, path]) => `'${name}' in ${path}`)
  assert.deepEqual([...new Set(missing)], [])
})

test('every figure of the register is the one in the source', () => {
  const wrong: string[] = []
  let count = 0
  for (const [, figures, path] of register.matchAll(
    /((?:`\w+(?: =|:) [^`]+`(?:, and |, )?)+)[^`|]*? ?in `([^`]+\.ts)`/g,
  )) {
    for (const [, figure] of figures!.matchAll(/`([^`]+)`/g)) {
      count++
      if (!read(path!).includes(figure!)) wrong.push(`${figure} is not in ${path}`)
    }
  }
  assert.ok(count > 30, `only ${count} figures were read`)
  assert.deepEqual(wrong, [])
})

test('every connection that the code opens is in the register', () => {
  const opens =
    /new pg\.(?:Pool|Client)\(|new SMTPConnection\(|new AwsClient\(|[^\w.]fetch(?:er)?\(|(?:options|parts)\.fetch\(/
  const exclude = ['**/node_modules/**', '**/dist/**', '**/testing/**', 'server/scale/**']
  const files = globSync(['server/**/*.ts', 'sdk/**/*.ts', 'cli/**/*.ts'], { cwd: ROOT, exclude })
    .filter((path) => !/\.test\.ts$|\/testing\.ts$/.test(path))
    .filter((path) => opens.test(read(path).replace(/^ *(\*|\/\/).*$/gm, '')))
  assert.ok(files.length > 10, `only ${files.length} files open connections`)
  assert.deepEqual(
    files.filter((path) => !register.includes(`\`${path}\``)),
    [],
  )
})
