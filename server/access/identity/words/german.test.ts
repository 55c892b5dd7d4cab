import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons } from '../../../../sdk/contract.ts'
import { type Html, render } from '../../../platform/html/html.ts'
import { platformRefusals } from '../../../platform/http/index.ts'
import * as sessions from '../../sessions/index.ts'
import { refuse } from '../refusals.ts'
import { deviceIn } from './device.ts'
import { english } from './english.ts'
import { german } from './german.ts'
import { toldIn } from './sentences.ts'
import { languages, wordsFor } from './words.ts'

/** The path and kind of every text, with the number of what it is told. */
function shapeOf(words: object, at = ''): string[] {
  return Object.entries(words).flatMap(([key, value]) => {
    if (key === 'sentences') return []
    if (typeof value === 'object' && value !== null) return shapeOf(value, `${at}.${key}`)
    return [`${at}.${key}: ${typeof value}`]
  })
}

test('German says everything that English says, and nothing else', () => {
  assert.deepEqual(shapeOf(german).sort(), shapeOf(english).sort())
})

/** Of sessions: what a guard of a page says. The rest is said to programs only. */
const GUARDS =
  /^sessions\.(not_signed_in|ended|not_administrator|not_allowed|impersonated|failover_session|stale|no_such_session)$/
const shown = [...platformRefusals, ...refuse.listed, ...sessions.refusals.filter(({ code }) => GUARDS.test(code))]

test('every refusal that a hosted page can show has a German sentence', () => {
  assert.ok(shown.length > 40)
  const missing = shown.map(({ code }) => code).filter((code) => german.sentences?.details[code] === undefined)
  assert.deepEqual(missing, [], 'add them to words/german/refusals.ts')
  const statuses = [...new Set(shown.map(({ status }) => status))]
  assert.deepEqual(
    statuses.filter((status) => german.sentences?.titles[status] === undefined),
    [],
  )
})

test('a German sentence names only facts that the refusal has', () => {
  const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
  for (const { code, sentence } of shown) {
    const known = facts(sentence)
    for (const fact of facts(german.sentences!.details[code] ?? '')) assert.ok(known.includes(fact), `${code}: ${fact}`)
  }
})

test('a refusal is told in the language of its page, also one that nobody has translated', () => {
  const said = { status: 409, code: 'things.taken', title: 'Conflict', detail: 'It is taken.' }
  assert.deepEqual(toldIn(english.sentences, said), { title: 'Conflict', detail: 'It is taken.' })
  assert.match(toldIn(german.sentences, said).detail, /^Diese Anfrage wurde abgelehnt/)
  assert.match(toldIn(german.sentences, { ...said, code: 'constructor', status: 499 }).title, /^Abgelehnt$/)
  const slow = { ...said, code: 'identity.slow_down', retry_after_s: 12 }
  assert.match(toldIn(german.sentences, slow).detail, /in 12\u00a0s wieder/)
})

test('every reason for the end of a session has a German sentence of its own', () => {
  assert.deepEqual(Object.keys(german.reasons).sort(), Object.keys(reasons).sort())
  for (const [reason, sentence] of Object.entries(german.reasons)) {
    assert.notEqual(sentence, reasons[reason as keyof typeof reasons], reason)
    assert.match(sentence, /\.$/)
  }
})

test('a device that was noted in English is told in the language of the reader', () => {
  const cases: [noted: string, english_: string, german_: string][] = [
    ['Chrome on Windows', 'Chrome on Windows', 'Chrome unter Windows'],
    ['curl', 'curl', 'curl'],
    ['Unknown device', 'an unknown browser', 'ein unbekannter Browser'],
    ['Unknown program on Linux', 'a browser on Linux', 'ein Browser unter Linux'],
    ['Program on a roll on macOS', 'Program on a roll on macOS', 'Program on a roll unter macOS'],
    ['', 'an unknown browser', 'ein unbekannter Browser'],
  ]
  for (const [noted, inEnglish, inGerman] of cases) {
    assert.equal(deviceIn(english, noted), inEnglish)
    assert.equal(deviceIn(german, noted), inGerman)
  }
})

test('a language that is not there is told in English, whatever its name', () => {
  for (const locale of ['fr-CH', 'constructor', '__proto__', '', null]) assert.equal(wordsFor(locale).language, 'en')
  for (const locale of ['de', 'de-AT', 'DE-ch']) assert.equal(wordsFor(locale).language, 'de')
  assert.deepEqual(
    languages.map(({ name }) => name),
    ['English', 'Deutsch'],
  )
})

/** Whatever a text can be told, it is told: each function once with each of these for all of its facts. */
const FACTS = ['§', 2, 1, null]

function everyText(words: object, at = ''): [at: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] => {
    const place = `${at}.${key}`
    if (key === 'mailbox' || key === 'name') return []
    if (typeof value === 'string') return [[place, value]]
    if (typeof value === 'function')
      return FACTS.flatMap((fact) => told(value as Told, fact).map((text) => [place, text]))
    return typeof value === 'object' && value !== null ? everyText(value, place) : []
  })
}

type Told = (...facts: unknown[]) => unknown

function told(text: Told, fact: unknown): string[] {
  try {
    const said = text(...Array(text.length).fill(fact))
    return [typeof said === 'string' ? said : render(said as Html).replace(/<[^>]+>/g, ' ')]
  } catch (error) {
    // This text is not told such a fact; another of them fits.
    if (error instanceof TypeError) return []
    throw error
  }
}

/** Common, and no German word is written like them. */
const ENGLISH =
  /\b(the|and|or|of|to|is|are|were|not|you|your|this|that|with|it|sign(ed)?|account|sessions?|ago|until|since|works?|send|open|has|have|no|by|for|from|on|please|again|page|unknown|yesterday|organizations?|invited|members)\b/i

test('no German text has an English word in it, and each can be told', () => {
  const texts = everyText(german)
  assert.ok(texts.length > 200)
  for (const [at, text] of texts) assert.doesNotMatch(text.replace(/\S+@\S+|https?:\S*|\{\w+\}/g, ''), ENGLISH, at)
  const functions = new Set(everyText(english).map(([at]) => at))
  for (const at of functions)
    assert.ok(
      texts.some(([each]) => each === at),
      `${at} could not be told`,
    )
})

test('German texts have German quotes, no dashes of English, and say „Sie“', () => {
  for (const [at, text] of everyText(german)) {
    assert.doesNotMatch(text, /["“]\w|—|\b(du|dein|deine|dich|dir)\b/i, at)
  }
})
