import type { FastifyInstance } from 'fastify'
import { refuse } from './refusals.ts'

const FIELDS_MAX = 50
/** Names by which JavaScript reaches a prototype. */
const RESERVED = new Set(['__proto__', 'constructor', 'prototype'])
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

const forms = new WeakSet<object>()
/** True of a body that came as a form, in which everything is text. */
export const isForm = (body: unknown): boolean => typeof body === 'object' && body !== null && forms.has(body)

function decode(bytes: Buffer): string {
  try {
    return strict.decode(bytes)
  } catch {
    // The bytes themselves are not repeated: they may hold a code.
    throw refuse('bad_utf8')
  }
}

/** JSON and plain forms, strictly: invalid UTF-8, a repeated field or `__proto__` is refused, never guessed at. */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const content = decode(bytes as Buffer)
    if (content === '') return done(null, undefined)
    void parseJson(request, content, (error, body) => done(error ? refuse('bad_json') : null, body))
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, bytes, done) => {
    done(null, parseForm(decode(bytes as Buffer)))
  })
}

function parseForm(content: string): Record<string, string> {
  const fields: Record<string, string> = {}
  let count = 0
  for (const pair of content.split('&')) {
    if (pair === '') continue
    const [name, value] = splitPair(pair)
    const isRefused = RESERVED.has(name) || Object.hasOwn(fields, name) || ++count > FIELDS_MAX
    if (isRefused) throw refuse('bad_form', { limit: FIELDS_MAX })
    fields[name] = value
  }
  forms.add(fields)
  return fields
}

function splitPair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  const raw = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
  try {
    return raw.map((part) => decodeURIComponent(part.replaceAll('+', ' '))) as [string, string]
  } catch {
    throw refuse('bad_utf8')
  }
}
