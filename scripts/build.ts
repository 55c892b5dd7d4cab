import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * Builds what is not run from its sources: the console for browsers, and the SDK as it is published.
 * `--when-stale`: only what is missing or older than its sources, and without complaint where it cannot be built
 * (`npm ci` runs it, also with `--omit=dev`).
 */
const ROOT = join(import.meta.dirname, '..')
const require = createRequire(join(ROOT, 'package.json'))

interface Artefact {
  name: string
  /** Written last; older than a source, it is stale. */
  result: string
  sources: readonly string[]
  /** Without these there is nothing to build, or nothing to build with. */
  needs: readonly string[]
  build(): void
}

const artefacts: readonly Artefact[] = [
  {
    name: 'console',
    result: 'console/dist/index.html',
    sources: [
      'console/{app,public}/**/*',
      'console/{index.html,vite.config.ts,package.json}',
      'sdk/{contract,flag-rules}.ts',
      'sdk/flags/*.ts',
    ],
    needs: ['console/index.html', 'node_modules/vite/bin/vite.js'],
    build: () => run('node_modules/vite/bin/vite.js', ['build', '--logLevel', 'warn'], 'console'),
  },
  {
    name: 'sdk',
    result: 'sdk/dist/package.json',
    sources: ['sdk/*.ts', 'sdk/flags/**/*.ts', 'sdk/package.json'],
    needs: ['sdk/index.ts', 'node_modules/typescript/package.json'],
    build: buildSdk,
  },
]

const isLenient = process.argv.includes('--when-stale')
for (const artefact of artefacts) {
  const missing = artefact.needs.find((path) => !existsSync(join(ROOT, path)))
  if (missing && isLenient) console.log(`  ${artefact.name}: not built (there is no ${missing})`)
  else if (!isLenient || isStale(artefact)) buildOne(artefact)
}

function buildOne(artefact: Artefact): void {
  const from = performance.now()
  artefact.build()
  console.log(`  ${artefact.name}: built in ${((performance.now() - from) / 1000).toFixed(1)} s`)
}

function isStale({ result, sources }: Artefact): boolean {
  if (!existsSync(join(ROOT, result))) return true
  const builtAt = statSync(join(ROOT, result)).mtimeMs
  return globSync(sources, { cwd: ROOT }).some((path) => statSync(join(ROOT, path)).mtimeMs > builtAt)
}

/** Beside its place and then moved there: nobody ever imports half of it. */
function buildSdk(): void {
  const { exports, devDependencies: _, ...about } = JSON.parse(readFileSync(join(ROOT, 'sdk/package.json'), 'utf8'))
  const making = join(ROOT, 'sdk/dist.making')
  rmSync(making, { recursive: true, force: true })
  mkdirSync(making)
  const entries = Object.values(exports as Record<string, string>)
  run(join(require.resolve('typescript/package.json'), '../bin/tsc'), [...tscFlags(making), ...entries], 'sdk')
  for (const path of globSync('**/*.d.ts', { cwd: making })) pointAtJavaScript(join(making, path))
  const published = Object.fromEntries(
    Object.entries(exports as Record<string, string>).map(([name, path]) => [
      name,
      { types: path.replace(/\.ts$/, '.d.ts'), default: path.replace(/\.ts$/, '.js') },
    ]),
  )
  writeFileSync(join(making, 'package.json'), `${JSON.stringify({ ...about, exports: published }, null, 2)}\n`)
  rmSync(join(ROOT, 'sdk/dist'), { recursive: true, force: true })
  renameSync(making, join(ROOT, 'sdk/dist'))
}

function tscFlags(folder: string): string[] {
  const flags = {
    outDir: folder,
    rootDir: '.',
    // What Node 22, the oldest the SDK promises, can run.
    target: 'es2022',
    lib: 'es2024',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: 'node',
  }
  const switches = ['ignoreConfig', 'declaration', 'strict', 'skipLibCheck', 'verbatimModuleSyntax', 'noEmitOnError']
  return [
    ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ...[...switches, 'rewriteRelativeImportExtensions'].map((name) => `--${name}`),
  ]
}

/** tsc rewrites the imports of the code and leaves those of the declarations, which then point at what is not there. */
function pointAtJavaScript(path: string): void {
  const text = readFileSync(path, 'utf8')
  writeFileSync(path, text.replace(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.js'"))
}

function run(program: string, words: readonly string[], folder: string): void {
  const path = program.startsWith('/') ? program : join(ROOT, program)
  const { status } = spawnSync(process.execPath, [path, ...words], { cwd: join(ROOT, folder), stdio: 'inherit' })
  if (status === 0) return
  console.error(`${folder} could not be built: see above.`)
  process.exit(1)
}
