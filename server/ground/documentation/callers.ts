import { cookieName, cookies, headers } from '../../../sdk/contract.ts'
import { allScopes, type Scope, scopes } from '../environment/index.ts'
import type { Security } from './open-api.ts'

/** Who may call: what OpenAPI says of it, what a person reads, and what makes curl one of them. */
export interface Caller {
  security: Security
  who: string
  curl: readonly string[]
}

/** Read and written by curl, so that one example leads to the next. */
const JAR = '--cookie jar --cookie-jar jar'
const session = { session: [] }
const staff = { console: [], console_header: [] }
const application = { application: [] }
const console_ = (scope: Scope) => ({ console: [scope], console_header: [] })

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
    who: 'Somebody who is signed in, about their own.',
    curl: [JAR],
  },
  /** Staff with a scope: in the console by their role, a program by its token. */
  staff: (scope: Scope) => ({
    security: [console_(scope), { token: [scope] }],
    who: `A machine token with the scope ${scope}, or staff who have it, in the console. It means: ${scopes[scope].toLowerCase()}.`,
    curl: ['--header "Authorization: Bearer $HOLDFAST_TOKEN"'],
  }),
  personOrStaff: (scope: Scope) => ({
    security: [session, console_(scope), { token: [scope] }],
    who: `Somebody who is signed in, about their own. A machine token, or staff in the console, with the scope ${scope} about everybody.`,
    curl: [JAR],
  }),
  token: {
    security: [{ token: [] }],
    who: 'A machine token, whatever its scopes.',
    curl: ['--header "Authorization: Bearer $HOLDFAST_TOKEN"'],
  },
  application: {
    security: [{ application: [] }],
    who: 'An application, with its key.',
    curl: ['--header "Authorization: Bearer $HOLDFAST_KEY"'],
  },
  streamReader: {
    security: [{ stream_secret: [] }],
    who: 'Somebody who was told the address, with the secret in it.',
    curl: ['--no-buffer'],
  },
  flagAsker: {
    security: [{ application: [] }, { token: ['flags:evaluate'] }, { browser_token: [] }, { api_key: [] }],
    who: 'An application with its key, a machine token with the scope flags:evaluate or flags:read, or a page with a browser token, which is answered only about flags that are marked for browsers.',
    curl: ['--header "Authorization: Bearer $HOLDFAST_KEY"'],
  },
  applicationOrStaff: (scope: Scope) => ({
    security: [application, console_(scope), { token: [scope] }],
    who: `An application, with its key. A machine token, or staff in the console, with the scope ${scope}.`,
    curl: ['--header "Authorization: Bearer $HOLDFAST_KEY"'],
  }),
} as const satisfies Record<string, Caller | ((scope: Scope) => Caller)>

const all: readonly (Caller | ((scope: Scope) => Caller))[] = Object.values(callers)
const plain = all.filter((caller) => typeof caller !== 'function')
const scoped = all.filter((caller) => typeof caller === 'function').flatMap((caller) => allScopes.map(caller))

/** The one whose security an operation declares. */
export function callerOf(security: Security = []): Caller {
  const declared = JSON.stringify(security)
  const known = [...plain, ...scoped].find((caller) => JSON.stringify(caller.security) === declared)
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
  in?: 'cookie' | 'header' | 'query'
  name?: string
  scheme?: string
  description: string
}

type SchemeName =
  | keyof typeof schemes
  | 'application'
  | 'token'
  | 'console_header'
  | 'browser_token'
  | 'api_key'
  | 'stream_secret'

/** What `security` names, as OpenAPI wants it declared. On https cookies bear the prefix `__Host-`. */
export function securitySchemes(origin: string): Record<SchemeName, Scheme> {
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
    token: {
      type: 'http',
      scheme: 'bearer',
      description: 'A machine token, `hf_<environment>_tok_…`; of another environment it is refused.',
    },
    browser_token: {
      type: 'http',
      scheme: 'bearer',
      description: 'A browser token, `hf_<environment>_browser_…`; no secret, and good only from the pages it names.',
    },
    stream_secret: {
      type: 'apiKey',
      in: 'query',
      name: 'secret',
      description: 'Part of the address in `eventStreams`; an EventSource sends no headers. Good for an hour or two.',
    },
    api_key: {
      type: 'apiKey',
      in: 'header',
      name: 'X-API-Key',
      description: 'Any of these as it is, without the word Bearer.',
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
