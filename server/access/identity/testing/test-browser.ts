import { createHash, createHmac } from 'node:crypto'
import { FORWARD_KEY_CONTEXT, forwardedMessage, headers as names } from '../../../../sdk/contract.ts'
import type { TestClock } from './test-clock.ts'

export const HERE = 'http://localhost:4000'
export const APP_ORIGIN = 'https://notes.acme.test'

export interface Seen {
  status: number
  headers: Headers
  text: string
  /** The path of a redirect, or the whole URL where it leads elsewhere. */
  location: string | null
  body: Record<string, unknown> & { code?: string; detail?: string }
}

type Fields = Record<string, string>

/** Where the code that was mailed to an address can be read. */
interface Mailed {
  mailTo(email: string): Promise<{ code: string }>
}

/** What a browser does: keeps cookies, sends forms as its own origin, and follows nothing by itself. */
export interface TestBrowser {
  jar: Map<string, string>
  headers: Fields
  get(path: string): Promise<Seen>
  /** A form of one of our pages. */
  submit(path: string, fields?: Fields): Promise<Seen>
  post(path: string, body: unknown): Promise<Seen>
  request(path: string, init: RequestInit): Promise<Seen>
  /** Signs in by code through the pages; answers what came after the code. */
  signIn(rig: Mailed, email: string, fields?: Fields): Promise<Seen>
}

/** What an app's SDK adds to each request that it passes on. */
export function signer(clock: TestClock, key: string, app: { application: string; origin: string; prefix: string }) {
  const forwardKey = createHash('sha256').update(FORWARD_KEY_CONTEXT).update(key).digest()
  return (method: string, path: string): Fields => {
    const { application, origin, prefix } = app
    const timestampMs = clock.now().getTime()
    const forwarded = `for=203.0.113.9;origin=${origin};prefix=${prefix}`
    const message = forwardedMessage({ timestampMs, application, method, path, forwarded })
    const signature = createHmac('sha256', forwardKey).update(message).digest('base64url')
    return {
      [names.application]: application,
      [names.forwarded]: forwarded,
      [names.signature]: `t=${timestampMs},v1=${signature}`,
    }
  }
}

export function testBrowser(options: {
  url: string
  origin: string
  sign?: ((method: string, path: string) => Fields) | undefined
}): TestBrowser {
  const { url, origin, sign } = options
  const jar = new Map<string, string>()
  const headers: Fields = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' }

  async function request(path: string, init: RequestInit): Promise<Seen> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url + path, {
      redirect: 'manual',
      ...init,
      headers: {
        accept: 'text/html',
        ...headers,
        ...(cookie && { cookie }),
        ...sign?.(init.method ?? 'GET', path),
        ...init.headers,
      },
    })
    for (const line of response.headers.getSetCookie()) keepCookie(jar, line)
    const text = await response.text()
    const isJson = (response.headers.get('content-type') ?? '').includes('json')
    const location = response.headers.get('location')
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: location?.startsWith(HERE) ? location.slice(HERE.length) : location,
      body: isJson && text !== '' ? JSON.parse(text) : {},
    }
  }

  const browser: TestBrowser = {
    jar,
    headers,
    request,
    get: (path) => request(path, { method: 'GET' }),
    submit: (path, fields = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams(fields).toString(),
      }),
    post: (path, body) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', origin },
        body: JSON.stringify(body),
      }),
    async signIn(rig, email, fields = {}) {
      const started = await browser.submit('/sign-in', { email, ...fields })
      if (started.status !== 303) throw new Error(`sign-in was answered ${started.status}: ${started.text}`)
      const { code } = await rig.mailTo(email)
      return browser.submit('/sign-in/code', { code })
    },
  }
  return browser
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const name = pair.slice(0, pair.indexOf('='))
  if (attributes.includes('Max-Age=0')) jar.delete(name)
  else jar.set(name, pair.slice(pair.indexOf('=') + 1))
}
