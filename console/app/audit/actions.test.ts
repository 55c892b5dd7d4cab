import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { actionChoices } from './actions.ts'

const SERVER = join(import.meta.dirname, '../../../server')
const isOurs = (path: string) => !/\.test\.ts$|(^|\/)testing|^scale\//.test(path)

/** A field, a choice, or an argument of what writes it down. */
const WRITTEN = /\b(?:action(?::| =)|audit\(|changed\(parts, call,)([^\n]*)/g
const ACTION = /'([a-z_-]+\.[a-z_-]+)'/g
const PUT_TOGETHER = /\baction(?::| =) `([^`]+)`/g

/** Those that are put together: where the words stand of which they are, and between what. */
const parts = new Map([
  ['flags.{deed}', [{ file: 'access/flags/entry.ts', between: /export type Deed =([\s\S]*?)\n\n/ }]],
  [
    'sign-in-policy.{kind}',
    [{ file: 'access/identity/fail-over/save-policy.ts', between: /interface Noted \{\n {2}kind: ([^\n]*)/ }],
  ],
  [
    '{run.kind}.{outcome}',
    [
      { file: 'ground/backups/run.ts', between: /interface Run \{[\s\S]*?\n {2}kind: ([^\n]*)/ },
      { file: 'backup/make-backup.ts', between: /const outcome = ([^\n]*)/ },
    ],
  ],
])
/** A restore that fails leaves no database to write it into. */
const NEVER: readonly string[] = ['restore.failed']

test('the audit is filtered by every action that the server writes down, and by no other', () => {
  const files = globSync('**/*.ts', { cwd: SERVER }).filter(isOurs)
  const text = files.map((path) => readFileSync(join(SERVER, path), 'utf8')).join('\n')
  const patterns = [...new Set(all(text, PUT_TOGETHER).map((pattern) => pattern.replaceAll('$', '')))]
  assert.deepEqual(patterns.toSorted(), [...parts.keys()].toSorted())
  const putTogether = patterns.flatMap((pattern) => parts.get(pattern)!.reduce(filled, [pattern]))
  const whole = all(text, WRITTEN).flatMap((rest) => all(rest, ACTION))
  const written = new Set([...whole, ...putTogether].filter((action) => !NEVER.includes(action)))
  assert.deepEqual(actionChoices.map(([action]) => action).toSorted(), [...written].toSorted())
})

/** Every pattern with its next gap filled by each of the words that stand there. */
function filled(patterns: string[], { file, between }: { file: string; between: RegExp }): string[] {
  const [, there = ''] = between.exec(readFileSync(join(SERVER, file), 'utf8')) ?? []
  const words = all(there, /'([a-z-]+)'/g)
  return patterns.flatMap((pattern) => words.map((word) => pattern.replace(/\{[^}]+\}/, word)))
}

const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found!)
