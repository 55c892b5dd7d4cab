/** What documents and help show of the nouns of the command line can be typed as it stands there. */
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import type { Noun } from './noun.ts'

const ROOT = join(import.meta.dirname, '../..')
const NOUNS = join(import.meta.dirname, 'nouns')

const nouns = new Map<string, Noun>()
for (const file of globSync('*.ts', { cwd: NOUNS })) {
  const [noun] = Object.values((await import(join(NOUNS, file))) as Record<string, Noun>)
  nouns.set(basename(file, '.ts'), noun!)
}

/** A sentence for each verb and option in a line that are not there. */
function complaints(line: string): string[] {
  const [program, name = '', ...words] = line
    .replace(/"[^"]*"/g, '…')
    .trim()
    .split(/\s+/)
  const noun = program === 'holdfast' ? nouns.get(name) : undefined
  const [first = ''] = words
  // `holdfast audit verify` is done on the machine itself.
  if (!noun || first === '' || `${name} ${first}` === 'audit verify') return []
  const alone = first.startsWith('--') ? noun.verbAlone : undefined
  const said = alone ?? [words.slice(0, 2).join(' '), first].find((each) => Object.hasOwn(noun.verbs, each))
  if (said === undefined) return [`"holdfast ${name} ${first}" is no verb`]
  const flags = noun.verbs[said]!.flags ?? {}
  const known = ['json', ...Object.keys(flags), ...('cursor' in flags ? ['all'] : [])]
  return words
    .filter((word) => word.startsWith('--') && !known.includes(word.slice(2)))
    .map((word) => `"holdfast ${name} ${said}" takes no ${word}`)
}

const linesOf = (block: string) => block.replaceAll('\\\n', ' ').split(/\n|&&/)

test('every verb and option that a document or a help shows is one that there is', () => {
  assert.ok(nouns.size > 10, 'the nouns could not be read')
  const documents = globSync('{*.md,docs/**/*.md,deploy/**/*.md}', { cwd: ROOT })
  assert.ok(documents.length > 20, 'the documents could not be read')
  const inDocuments = documents.flatMap((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const spans = [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!)
    const fences = [...text.matchAll(/^```\w*\n(.*?)^```/gms)].map((match) => match[1]!)
    return [...spans, ...fences.flatMap(linesOf)].flatMap(complaints).map((what) => `${path}: ${what}`)
  })
  const inHelp = [...nouns.values()].flatMap(({ help }) =>
    linesOf(help).flatMap((line) => complaints(line.replace(/^Examples?: /, ''))),
  )
  assert.deepEqual([...inDocuments, ...inHelp], [])
  assert.deepEqual(complaints('holdfast readiness --at-most 80'), ['"holdfast readiness show" takes no --at-most'])
  assert.deepEqual(complaints('holdfast providers forget prv_1'), ['"holdfast providers forget" is no verb'])
})
