/**
 * The law of the land: who may lean on whom, where a thing may be said, and what everything must have.
 * ARCHITECTURE.md draws the storeys; this test keeps the drawing true, and each law proves that it can complain.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix, relative } from 'node:path'
import { test } from 'node:test'
import { cases } from './architecture-cases.ts'

const ROOT = import.meta.dirname
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/**
 * Each area of the repository, and those it may know; tests may know the doubles of the world as well. Of the server the
 * cluster test uses nothing but its test servers: `isTest` on both sides, or it is refused.
 */
const areas: Record<string, readonly string[]> = {
  server: ['sdk'],
  sdk: [],
  console: ['sdk'],
  cli: ['sdk'],
  drills: ['sdk'],
  bench: ['sdk', 'drills', 'server'],
  examples: ['sdk'],
  cluster: ['server', 'sdk'],
  doubles: [],
  scripts: [],
  docs: [],
}
/** Honest load, and the certainty that what was started ends, are made once; no drill is part of a bench. */
const LENT_BY_DRILLS = /^drills\/(?:frame|load|postgres|holdfast)\//
/** A drill plays the world outside in a process of its own: the doubles of it are made once, and no other file of a drill knows them. */
const PLAYS_THE_WORLD = /^drills\/[\w-]+\/outside-process\.ts$/
/** Access as it is started, with a mailer that does nothing: no setting can say that. */
const LENT_TO_BENCH = ['server/start-access.ts', 'server/config.ts', 'server/platform/log.ts']
/** The server judges a proof and a flag by the very files that apps use, and shares no more with them than that and the words. */
const KNOWN_TO_SERVER = [
  'sdk/contract.ts',
  'sdk/verify.ts',
  'sdk/evaluate.ts',
  'sdk/flag-rules.ts',
  // Access follows the rules of delivery that its clients follow, and keeps its last snapshot as they do.
  ...[
    'snapshot',
    'judge-snapshot',
    'number-fault',
    'trust',
    'seals',
    'node-seals',
    'keep-snapshot',
    'signed-answers',
  ].map((name) => `sdk/flags/${name}.ts`),
]

/** Each storey of the server, and the storeys it stands on. Wiring (`main`, `start-access`, supervisor, backup, scale) stands on all. */
const standsOn: Record<string, readonly string[]> = {
  platform: [],
  ground: ['platform'],
  access: ['ground', 'platform'],
  observe: ['ground', 'platform'],
  respond: ['ground', 'platform'],
}
const WIRING = /^server\/([\w.-]+\.ts$|supervisor\/|backup\/|check\/|scale\/)/

/** Features on one storey are strangers, but for these; on the ground, neighbours know each other. */
const knows: Record<string, readonly string[]> = { 'access/identity': ['access/sessions', 'access/providers'] }

/** Not what is sent to browsers. */
const SERVER = /^server\/(?!assets\/)/

/** What may be said in one place only, and what to do elsewhere. */
const sayings = [
  {
    say: /\bprocess\.env\b|\benv\b[^'\n]*\bfrom 'node:process'/,
    within: SERVER,
    only: /^server\/config\.ts$/,
    instead: 'take it from the config you were given',
  },
  {
    say: /\bsql`|['"`](?:select|insert into|update|delete from|create table|alter table) \w/,
    within: SERVER,
    only: /\/queries\.ts$|^server\/platform\//,
    instead: 'put the statement in queries.ts',
  },
  {
    say: /\bnew Date\(\)|\bDate\.now\(\)/,
    within: SERVER,
    only: /^server\/platform\/clock\.ts$/,
    instead: 'ask the clock you were given',
  },
  {
    say: /\bperformance\.now\(\)/,
    within: /^server\/(?:access|ground)\//,
    only: /^$/,
    instead: 'ask the clock you were given',
  },
  {
    say: /\bfrom '(?:@fastify\/|fastify')/,
    within: SERVER,
    only: /^server\/platform\/http\//,
    instead: 'describe the route in routes.ts',
  },
  { say: /^export \*/m, within: /./, only: /^sdk\/index\.ts$/, instead: 'name what the front of the feature is' },
  {
    say: /\bsign[- ]?(?:in|out|up)\b|\bsessions?\b|\benrol|\brevocation|\bpasskey|\badministrator|\bchallenge/i,
    within: /^server\/platform\//,
    only: /^$/,
    instead: 'the platform knows no word of the product',
  },
]

/** Names that say nothing: whatever is put there belongs to a feature, or to the platform under its own name. */
const EMPTY_NAME = /\/(utils?|helpers?|common|shared|misc|lib|core|services?|managers?|types)(\/|\.\w+$)/
const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)*$/

/** Fewer than this were not looked at properly: a glob that finds nothing makes every law true. */
const FILES_MIN = {
  server: 200,
  sdk: 30,
  console: 60,
  drills: 30,
  bench: 40,
  cli: 8,
  examples: 15,
  doubles: 2,
  cluster: 8,
  scripts: 3,
  docs: 5,
}

type Tree = ReadonlyMap<string, string>
interface Edge {
  from: string
  to: string
  /** A type alone is gone when the program runs, and `import()` waits until it is called: neither makes a circle. */
  loads: boolean
}

const isTest = (path: string) => /\.test\.tsx?$|\/testing\.ts$|\/testing\/|\.measure\.ts$/.test(path)
const isCode = (path: string) => /\.(tsx?|js)$/.test(path)
const areaOf = (path: string) => path.split('/', 1)[0]!
const storeyOf = (path: string) => path.match(/^server\/(\w+)\//)?.[1]
const featureOf = (path: string) => path.match(/^server\/((?:ground|access|observe|respond)\/[\w-]+)\//)?.[1]
const withoutComments = (text: string) =>
  text
    .replace(/^\s*\/?\*.*$/gm, '')
    .replace(/(^|\s)\/\/(?:\s.*)?$/gm, '$1')
    .replace(/(?<=\s)\/\*\*? .*?\*\//g, '')

interface Package {
  name: string
  exports?: Record<string, string>
}
const workspaces = (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces.map((folder) => ({
  folder,
  ...(JSON.parse(read(`${folder}/package.json`)) as Package),
}))
/** The doors of the SDK, as an app finds them. */
const doors = Object.values(workspaces.find(({ name }) => name === '@holdfast/sdk')!.exports!).map((path) =>
  posix.join('sdk', path),
)

/** Where an import leads inside this repository; nothing for packages and for Node's own. */
function resolve(from: string, name: string): string | undefined {
  if (name.startsWith('.')) return posix.join(posix.dirname(from), name)
  const workspace = workspaces.find((each) => name === each.name || name.startsWith(`${each.name}/`))
  if (!workspace) return undefined
  const rest = name.slice(workspace.name.length)
  const door = workspace.exports?.[`.${rest}`] ?? (rest === '' ? 'index.ts' : rest)
  return posix.join(workspace.folder, door)
}

const STATEMENT =
  /^(?:import|export)\s+(type\s+(?=[\w{*]))?(?:(?:[\w$]+\s*,?\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})?\s*from\s+)?'([^']+)'/gm

function edgesOf(tree: Tree): Edge[] {
  return [...tree].flatMap(([from, source]) => {
    if (!isCode(from)) return []
    const text = withoutComments(source)
    const said = [...text.matchAll(STATEMENT)].map(([, type, name]) => ({ name: name!, loads: type === undefined }))
    const called = [...text.matchAll(/\bimport\(\s*['"`]([^'"`]+)['"`]/g)].map(([, name]) => ({
      name: name!,
      loads: false,
    }))
    return [...said, ...called].flatMap(({ name, loads }) => {
      const to = resolve(from, name)
      return to === undefined ? [] : [{ from, to, loads }]
    })
  })
}

function whyNot(from: string, to: string): string | undefined {
  const isShim = from === 'cli/bin/holdfast.js' && to === 'cli/main.ts'
  if (/(^|\/)main\.tsx?$/.test(to) && !isShim) return 'nobody imports main'
  if (!isTest(from) && isTest(to)) return 'only tests import test code'
  if (areaOf(from) !== areaOf(to)) return whyNotAcross(from, to)
  return areaOf(from) === 'server' ? whyNotInServer(from, to) : undefined
}

const ENTER = 'enter the SDK as an app does, by what it exports'

function whyNotAcross(from: string, to: string): string | undefined {
  const [here, there] = [areaOf(from), areaOf(to)]
  if (isTest(from) && there === 'doubles') return undefined
  if (PLAYS_THE_WORLD.test(from) && /^doubles\/(?:oidc\/)?index\.ts$/.test(to)) return undefined
  if (!areas[here]?.includes(there)) return `${here} does not know ${there}`
  if (here === 'bench' && there === 'drills')
    return LENT_BY_DRILLS.test(to)
      ? undefined
      : 'the bench takes stage, load and PostgreSQL of the drills, and no drill'
  if (here === 'bench' && there === 'server')
    return LENT_TO_BENCH.includes(to) ? undefined : 'the bench starts access, and uses nothing of its inside'
  if (isTest(from) && isTest(to)) return undefined
  // Whether an app hears of an end is seen from both sides at once.
  if (here === 'server' && isTest(from)) return KNOWN_TO_SERVER.includes(to) || doors.includes(to) ? undefined : ENTER
  if (here === 'server')
    return KNOWN_TO_SERVER.includes(to) ? undefined : 'the server shares its contract and its judgement only'
  return doors.includes(to) ? undefined : ENTER
}

function whyNotInServer(from: string, to: string): string | undefined {
  const [here, there] = [storeyOf(from), storeyOf(to)]
  if (!WIRING.test(from)) {
    if (WIRING.test(to)) return 'no storey knows how it is wired'
    if (here !== there && !standsOn[here!]?.includes(there!))
      return `${here} does not stand on ${there}: raise a signal`
  }
  const [feature, other] = [featureOf(from), featureOf(to)]
  if (!other || feature === other) return undefined
  const areNeighbours = feature && here === there && here !== 'ground'
  if (areNeighbours && !knows[feature]?.includes(other)) return `${feature} and ${other} are strangers`
  if (!isTest(from) && !to.endsWith('/index.ts')) return `enter ${other} through its index.ts`
  return undefined
}

function circles(tree: Tree): string[] {
  const next = Map.groupBy(
    edgesOf(tree).filter(({ loads }) => loads),
    ({ from }) => from,
  )
  const done = new Set<string>()
  const found: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (trail.includes(path) || done.has(path)) return
    for (const { to } of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const path of next.keys()) visit(path, [])
  return found
}

const OF_POSTGRES = /^(?:pg_catalog|information_schema)$/

/** Schemas are named like their features; `extract(epoch from row.at)` and `distinct from row.at` name no table. */
function trespasses(tree: Tree): string[] {
  const schemas = [...new Set([...tree.keys()].flatMap((path) => featureOf(path)?.split('/')[1] ?? []))]
  return [...tree].flatMap(([path, source]) => {
    const own = featureOf(path)?.split('/')[1]
    if (!own || !/queries\.ts$|\.sql$/.test(path)) return []
    const text = withoutComments(source)
      .replace(/^\s*--.*$/gm, '')
      .replace(/^(?:import|export) .*$/gm, '')
      .replace(/\b(?:extract|substring|trim|overlay)\s*\([^()]*\)/g, '')
      .replace(/\bdistinct\s+from\b/g, '')
    const tables = [...text.matchAll(/\b(?:from|join|into|update|table|references|truncate)\s+(?:only\s+)?(\w+)\.\w/g)]
    const names = [...text.matchAll(/(?<![\w.])(\w+)\.\w/g)].filter(([, name]) => schemas.includes(name!))
    const touched = new Set([...tables, ...names].map((match) => match[1]!))
    return [...touched]
      .filter((name) => name !== own && !OF_POSTGRES.test(name))
      .map((name) => `${path} reaches into ${name}`)
  })
}

const laws: Record<string, (tree: Tree) => string[]> = {
  'everything leans only on what it stands on': (tree) =>
    edgesOf(tree).flatMap(({ from, to }) => {
      const why = whyNot(from, to)
      return why ? [`${from} imports ${to}: ${why}`] : []
    }),

  'no module needs itself, however far round': circles,

  'each thing is said in its own place': (tree) =>
    [...tree].flatMap(([path, text]) => {
      if (!isCode(path) || isTest(path)) return []
      const said = withoutComments(text)
      return sayings
        .filter(({ say, within, only }) => within.test(path) && !only.test(path) && say.test(said))
        .map(({ say, instead }) => `${path} says ${said.match(say)![0]}: ${instead}`)
    }),

  'a feature touches the tables of its own schema only': trespasses,

  'a migration says why it is safe beside the previous release, and none is missing between two': (tree) =>
    [...tree].flatMap(([path, text]) => {
      const [, folder, number] = path.match(/^(.*\/migrations)\/(.*)$/) ?? []
      if (!folder) return []
      const before = [...tree.keys()].filter((each) => posix.dirname(each) === folder && each < path).length
      const expected = `${String(before + 1).padStart(4, '0')}_`
      return [
        ...(/^-- (?:expand|contract): \w.*/.test(text)
          ? []
          : [`${path} does not begin with "-- expand: why" or "-- contract: why"`]),
        ...(number!.startsWith(expected) && path.endsWith('.sql') ? [] : [`${path} should begin with ${expected}`]),
      ]
    }),

  'a feature tells its promise, and has a front': (tree) =>
    [...new Set([...tree.keys()].flatMap((path) => featureOf(path) ?? []))].flatMap((feature) =>
      ['README.md', 'index.ts']
        .filter((name) => !tree.has(`server/${feature}/${name}`))
        .map((name) => `server/${feature} has no ${name}`),
    ),

  'names say what is inside': (tree) =>
    [...tree.keys()]
      .filter((path) => !/\.(md|sql)$/.test(path))
      .filter((path) => EMPTY_NAME.test(path) || !path.split('/').every((part) => KEBAB_CASE.test(part)))
      .map((path) => `${path} says nothing, or is not in kebab-case`),

  'nothing is left for later': (tree) =>
    [...tree].flatMap(([path, text]) => {
      const word = text.match(/\b(?:TODO|FIXME|XXX|HACK)\b/)
      return word ? [`${path} says ${word[0]}`] : []
    }),
}

const paths = globSync(`{${Object.keys(areas).join(',')}}/**/*.{ts,tsx,js,sql,md}`, {
  cwd: ROOT,
  exclude: ['**/node_modules/**', '**/dist/**', '**/.*/**'],
})
const tree: Tree = new Map(paths.sort().map((path) => [path, read(path)]))

for (const [law, complaints] of Object.entries(laws)) {
  test(law, () => assert.deepEqual(complaints(tree), []))
}

test('all of the tree was looked at', () => {
  for (const [area, least] of Object.entries(FILES_MIN)) {
    const seen = paths.filter((path) => areaOf(path) === area).length
    assert.ok(seen >= least, `only ${seen} files were seen in ${area}, where at least ${least} were expected`)
  }
  const edges = edgesOf(tree)
  const across = edges.filter(({ from, to }) => areaOf(from) !== areaOf(to))
  assert.ok(
    edges.length > 1000 && across.length > 30,
    `only ${edges.length} imports were read, ${across.length} across`,
  )
  const lost = edges.filter(({ to }) => /\.tsx?$/.test(to) && !tree.has(to)).map(({ from, to }) => `${from}: ${to}`)
  assert.deepEqual(lost, [], 'imports that lead nowhere were misread')
})

test('every law complains when it is broken, and only then', () => {
  assert.deepEqual(Object.keys(cases), Object.keys(laws))
  const check = (law: string, made: Record<string, string>) => laws[law]!(new Map(Object.entries(made)))
  for (const [law, { refused, allowed }] of Object.entries(cases)) {
    for (const made of refused) assert.equal(check(law, made).length, 1, `${law}: ${JSON.stringify(made)}`)
    assert.deepEqual(check(law, allowed), [], law)
  }
})

test('ARCHITECTURE.md draws the storeys as they are', () => {
  const [, drawing = ''] = read('ARCHITECTURE.md').match(/^## The storeys\n(.*?)^## /ms) ?? []
  const rows = [...drawing.matchAll(/^\| ([a-z][a-z, ]*) \| ([a-z, ]+|nothing) \| (.*) \|$/gm)].slice(1)
  const drawn = rows.flatMap(([, names, below]) =>
    names!.split(', ').map((name) => [name, below === 'nothing' ? [] : below!.split(', ')]),
  )
  assert.deepEqual(Object.fromEntries(drawn), standsOn)
  const [, , , ground = ''] = rows.find(([, names]) => names === 'ground') ?? []
  const features = new Set(paths.flatMap((path) => path.match(/^server\/ground\/([\w-]+)\//)?.[1] ?? []))
  const named = [...ground.split(':')[0]!.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!)
  assert.deepEqual(named.toSorted(), [...features].toSorted())
})

/** Biome's parser counts: no reader of lines can. The limits stand in biome.json, where editors see them too. */
function tooLong(folder: string): string[] {
  const rules = ['complexity/noExcessiveLinesPerFunction', 'style/noExcessiveLinesPerFile']
  const told = ['--vcs-enabled=false', '--max-diagnostics=none', '--diagnostic-level=error', '--reporter=github']
  const { stdout, error } = spawnSync(
    join(ROOT, 'node_modules/.bin/biome'),
    ['lint', ...rules.map((rule) => `--only=${rule}`), ...told, ...Object.keys(FILES_MIN)],
    { cwd: folder, encoding: 'utf8' },
  )
  assert.ifError(error)
  const lines = stdout.matchAll(/^::error title=lint.*?file=([^,]+),line=(\d+).*?::(.*)$/gm)
  return [...lines].map(([, file, line, says]) => `${relative(folder, file!)}:${line} ${says}`)
}

test('a function has at most 70 lines, and a file 400', () => assert.deepEqual(tooLong(ROOT), []))

test('a function of 71 lines is refused, and a file of 401; tests may be longer', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-architecture-')))
  try {
    copyFileSync(join(ROOT, 'biome.json'), join(folder, 'biome.json'))
    for (const area of Object.keys(FILES_MIN)) mkdirSync(join(folder, area))
    const functionOf = (lines: number) => `export function f() {\n${'  g()\n'.repeat(lines)}}\n`
    const made = {
      'server/long.ts': functionOf(71),
      'server/just.ts': functionOf(70),
      'server/long.test.ts': functionOf(71),
      'console/file.tsx': 'g()\n'.repeat(401),
      'console/just.tsx': 'g()\n'.repeat(400),
    }
    for (const [path, text] of Object.entries(made)) writeFileSync(join(folder, path), text)
    const named = tooLong(folder).map((line) => line.split(':', 1)[0])
    assert.deepEqual(named.toSorted(), ['console/file.tsx', 'server/long.ts'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
