/**
 * What is logged is read by people and machines that must not hold a key. Secrets are known by the name they stand
 * under and by their form; an error loses everything but what tells a bug from another.
 */

/** Whatever is logged under one of these words is a secret, wherever it stands: `token`, `linkToken`, `link_token`. */
const SECRET_WORDS = new Set([
  'authorization',
  'cookie',
  'cookies',
  'code',
  'codes',
  'handle',
  'key',
  'keys',
  'link',
  'password',
  'proof',
  'secret',
  'signature',
  'token',
])
const REDACTED = '[redacted]'

const DEPTH_MAX = 5
const ITEMS_MAX = 50
const TEXT_MAX = 4000
const FRAMES_MAX = 20

/** Secrets by their form: URLs with a password, application keys and tokens, signed proofs, 256-bit handles. */
const FORMS: readonly [form: RegExp, instead: string][] = [
  [/(\/\/)[^/?#\s"']*@/g, `$1${REDACTED}@`],
  [/\bhf_[a-z0-9-]{1,31}_[a-z]+_[A-Za-z0-9_-]{20,}/g, `hf_${REDACTED}`],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/(?<![\w-])[A-Za-z0-9_-]{43}(?![\w-])/g, REDACTED],
]

export function scrubText(text: string): string {
  const scrubbed = FORMS.reduce((sofar, [form, instead]) => sofar.replace(form, instead), text.slice(0, TEXT_MAX))
  return text.length > TEXT_MAX ? `${scrubbed}…` : scrubbed
}

export function scrub(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value
  if (value instanceof Error) return scrubError(value, depth)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= DEPTH_MAX) return '[deeper]'
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => scrub(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, ITEMS_MAX)
      .map(([name, each]) => [name, isSecretName(name, each) ? REDACTED : scrub(each, depth + 1)]),
  )
}

function isSecretName(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false
  const last = name
    .split(/(?=[A-Z][a-z])|[_\-. ]/)
    .at(-1)!
    .toLowerCase()
  if (!SECRET_WORDS.has(last)) return false
  // An exit status, or the ECONNREFUSED of an error: no code of ours is a number, or has capital letters only.
  const isErrorCode = last === 'code' && (typeof value === 'number' || /^[A-Z][A-Z0-9_]+$/.test(String(value)))
  return !isErrorCode
}

/** By name and not by exclusion: errors of the driver and of URL parsing carry rows, parameters and passwords. */
function scrubError(error: Error, depth: number): Record<string, unknown> {
  const { code, syscall } = error as { code?: unknown; syscall?: unknown }
  const says = withoutQuotes(error)
  return {
    type: error.name,
    says,
    ...(typeof code === 'string' && { errorCode: code }),
    ...(typeof syscall === 'string' && { syscall }),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < DEPTH_MAX && { cause: scrub(error.cause, depth + 1) }),
    ...(error instanceof AggregateError &&
      depth < DEPTH_MAX && { errors: error.errors.slice(0, ITEMS_MAX).map((each) => scrub(each, depth + 1)) }),
  }
}

/** A parser and PostgreSQL's class 22 ("invalid input syntax: …") quote what they were given. */
function withoutQuotes(error: Error): string {
  const { code } = error as { code?: unknown }
  const quotesInput = error instanceof SyntaxError || (typeof code === 'string' && /^22[0-9A-Z]{3}$/.test(code))
  const says = scrubText(error.message)
  return quotesInput ? says.replace(/"(?:[^"\\]|\\.)*"?|'[^']*'/g, '"…"') : says
}

/** The message stands in front of the frames, and may say more than it should. */
function framesOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n')
  return lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, FRAMES_MAX)
}
