/** The page people are sent on to after sign-in, as a whole URL; or the origin it asked for, that is not registered. */
export type ReadReturnTo = { outcome: 'ok'; url: string } | { outcome: 'refused'; origin: string | null }

export interface ReturnToRules {
  /** The origin the browser is on; a path is meant on this one. */
  here: string
  isRegistered(origin: string): boolean
}

/** Longer ones do not fit into every proxy's header. */
const RETURN_TO_MAX = 2048
/** Twice, because a proxy in between may decode once before an app does. */
const DECODINGS = 2

/**
 * Reads `return_to`: a path here, or a whole http(s) URL of a registered origin. Everything that browsers, proxies and
 * apps are known to read differently is refused before it is parsed (ASVS 3.7.2, open redirects).
 *
 * The answer is always a whole URL. A path alone is not safe to send: `/.//evil.test` parses to the path `//evil.test`.
 */
export function readReturnTo(text: string, rules: ReturnToRules): ReadReturnTo {
  if (text.length > RETURN_TO_MAX || isTricky(text)) return { outcome: 'refused', origin: null }
  const isPath = text.startsWith('/')
  if (!isPath && !/^https?:\/\/[^/]/i.test(text)) return { outcome: 'refused', origin: null }

  const url = URL.parse(text, rules.here)
  if (!url) return { outcome: 'refused', origin: null }
  const isOurs = url.origin === rules.here || rules.isRegistered(url.origin)
  const isPlain = url.username === '' && url.password === '' && !authorityOf(text).includes('@')
  const staysHere = !isPath || url.origin === rules.here
  if (!isOurs || !isPlain || !staysHere) return { outcome: 'refused', origin: url.origin }
  return { outcome: 'ok', url: url.href }
}

/** Control characters, what breaks lines, halves of characters, and the slash that some take for the other one. */
const DANGEROUS = /[\\\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u
/** Invisible in a path: nobody sees where it leads. */
const INVISIBLE = /\p{Cf}/u
/** A path that begins with an empty segment is a host to somebody. */
const HOST_LIKE = /^(https?:\/\/[^/?#]*)?\/[.\s/]*\//i

function isTricky(text: string): boolean {
  const path = text.split(/[?#]/, 1)[0]!
  return (
    DANGEROUS.test(text) ||
    spellings(path).some((each) => [DANGEROUS, INVISIBLE, HOST_LIKE].some((no) => no.test(each)))
  )
}

/** The path as it stands, and as others might come to read it. */
function spellings(path: string): string[] {
  const list = [path]
  for (let index = 0; index < DECODINGS; index++) list.push(decoded(list.at(-1)!))
  return list.flatMap((each) => [each, each.normalize('NFKC')])
}

function decoded(text: string): string {
  // Bytes that are no UTF-8 stay as they are: only what could become a separator matters.
  return text.replace(/%[0-7][0-9a-f]/gi, (byte) => String.fromCharCode(Number.parseInt(byte.slice(1), 16)))
}

const authorityOf = (text: string) => /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? ''
