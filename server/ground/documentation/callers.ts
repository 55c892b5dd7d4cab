import { cookieName, cookies, headers } from '../../../sdk/contract.ts'
import type { Security } from './open-api.ts'

/** Who may call: what OpenAPI says of it, what a person reads, and what makes curl one of them. */
export interface Caller {
  security: Security
  who: string
  curl: readonly string[]
}

/** Read and written by curl, so that one example leads to the next. */
const JAR = '--cookie jar --cookie-jar jar'
const CONSOLE = [JAR, `--header '${headers.audience}: console'`]
const session = { session: [] }
const staff = { console: [], console_header: [] }

export const callers = {
  anybody: { security: [], who: 'Anybody.', curl: [] },
  anyBrowser: {
    security: [{}, session, staff],
    who: 'Anybody; the answer is about the session whose cookie comes with it.',
    curl: [JAR],
  },
  startingBrowser: {
    security: [{}, { browser: [] }],
    who: 'Anybody. A browser that has no cookie of ours yet gets one; the code will work only there.',
    curl: [JAR],
  },
  sameBrowser: { security: [{ browser: [] }], who: 'The browser in which the sign-in was started.', curl: [JAR] },
  person: {
    security: [session, staff],
    who: 'Somebody who is signed in, about their own; an administrator in the console, about everybody.',
    curl: [JAR],
  },
  administrator: { security: [staff], who: 'An administrator, from the console.', curl: CONSOLE },
  application: {
    security: [{ application: [] }],
    who: 'An application, with its key.',
    curl: ['--header "Authorization: Bearer $HOLDFAST_KEY"'],
  },
} as const satisfies Record<string, Caller>

/** The one whose security an operation declares. */
export function callerOf(security: Security = []): Caller {
  const declared = JSON.stringify(security)
  const known = Object.values<Caller>(callers).find((caller) => JSON.stringify(caller.security) === declared)
  return (
    known ?? {
      security,
      who: `Whoever shows: ${security.map((all) => Object.keys(all).join(' and ')).join(', or ')}.`,
      curl: [],
    }
  )
}

interface Scheme {
  type: 'apiKey' | 'http'
  in?: 'cookie' | 'header'
  name?: string
  scheme?: string
  description: string
}

/** What `security` names, as OpenAPI wants it declared. On https cookies bear the prefix `__Host-`. */
export function securitySchemes(
  origin: string,
): Record<keyof typeof schemes | 'application' | 'console_header', Scheme> {
  const isSecure = origin.startsWith('https:')
  const cookie = (name: keyof typeof schemes): Scheme => ({
    type: 'apiKey',
    in: 'cookie',
    name: cookieName(cookies[name === 'session' ? 'handle' : name], isSecure),
    description: schemes[name],
  })
  return {
    session: cookie('session'),
    browser: cookie('browser'),
    console: cookie('console'),
    console_header: {
      type: 'apiKey',
      in: 'header',
      name: headers.audience,
      description: 'Must be `console`; it goes with the cookie of the console, which is not read without it.',
    },
    application: {
      type: 'http',
      scheme: 'bearer',
      description: 'The application’s own key, `hf_<environment>_app_…`; of another environment it is refused.',
    },
  }
}

const schemes = {
  session:
    'The handle of a session, set by a sign-in. Beside it goes the proof, which is believed while nobody can be asked.',
  browser: 'Binds a sign-in to the browser in which it was started. It says nothing about anybody.',
  console: 'The handle of a session in the console. It is a cookie of its own, so that no app ever sees it.',
}
