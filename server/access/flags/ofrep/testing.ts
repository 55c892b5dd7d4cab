import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import * as tokens from '../../../ground/tokens/index.ts'
import { systemClock } from '../../../platform/clock.ts'
import { DatabaseOutage, migrate } from '../../../platform/database/index.ts'
import type { Guard, Route } from '../../../platform/http/index.ts'
import { openTestServer, type TestServer } from '../../../platform/http/testing.ts'
import { silentLog } from '../../../platform/log.ts'
import { freePort } from '../../../platform/postgres-server/index.ts'
import { refusals } from '../../../platform/refusal.ts'
import { openOfrep } from '../index.ts'
import { by, type FlagsRig, flagsDatabase, openRig, stamp, testSecret } from '../testing.ts'
import type { Definition } from '../../../../sdk/evaluate.ts'
import type { OfrepOptions } from './parts.ts'

export const PAGE = 'https://app.acme.example'
export const APPLICATION = 'Bearer hf_test_app_shop'

const refuse = refusals('applications', { key_unknown: [401, 'This key is not known here.'] })
const applications: OfrepOptions['applications'] = {
  authenticate(authorization) {
    if (authorization !== APPLICATION) throw refuse('key_unknown')
    return { id: 'app_shop' } as ReturnType<OfrepOptions['applications']['authenticate']>
  },
  find: (id) => (id === 'app_shop' ? ({ id } as ReturnType<OfrepOptions['applications']['find']>) : undefined),
  async reload() {
    if (isAway) throw new DatabaseOutage('failed', 'cut by the test')
  },
}
let isAway = false

/** Flags, tokens and the protocol over HTTP on one port, which can be stopped and started again. */
export interface OfrepRig extends AsyncDisposable {
  flags: FlagsRig
  server: TestServer
  url: string
  tokens: tokens.Tokens
  browserToken: { id: string; secret: string }
  /** Of whom nothing is refused. */
  ownerUrl: string
  /** Makes the whole set anew. */
  set(definition: Definition): Promise<void>
  /** As an application, unless it is said otherwise. */
  ask(path: string, context?: unknown, headers?: Record<string, string>): ReturnType<TestServer['ask']>
  stop(): Promise<void>
  start(): Promise<void>
  /** Whether tokens can be looked up. */
  setAway(away: boolean): void
}

const administrator: Guard = async () => ({
  kind: 'person',
  id: 'usr_admin',
  sessionId: null,
  isStaff: true,
  impersonatorId: null,
})

export async function openOfrepRig(): Promise<OfrepRig> {
  const database = await flagsDatabase()
  await migrate({ ownerUrl: database.ownerUrl, appRole: 'holdfast_app', sources: [tokens.migrations], log: silentLog })
  const clock = { ...systemClock, advance() {} }
  const flags = await openRig({ databaseUrl: database.databaseUrl, clock })
  await flags.flags.follow()
  const front = await openTokens(flags)
  const port = await freePort()
  const ofrep = () =>
    openOfrep({
      flags: flags.flags,
      clock,
      secret: testSecret,
      environment: stamp.environment,
      applications,
      tokens: front.flagAskers,
    })
  let opened = ofrep()
  const routes = (): Route[] => [...opened.routes, ...front.routes(() => administrator)]
  const rig: OfrepRig = {
    flags,
    server: await openTestServer(routes(), { port }),
    url: `http://127.0.0.1:${port}`,
    tokens: front,
    browserToken: { id: '', secret: '' },
    ownerUrl: database.ownerUrl,
    async set(definition) {
      await flags.flags.write((tx) => flags.flags.verbs.importDefinition(tx, by, { definition, mode: 'merge' }))
    },
    ask: (path, context, headers = {}) =>
      rig.server.ask(`/ofrep/v1/evaluate/flags${path}`, {
        method: 'POST',
        headers: { authorization: APPLICATION, 'content-type': 'application/json', ...headers },
        ...(context !== undefined && { body: JSON.stringify({ context }) }),
      }),
    async stop() {
      opened[Symbol.dispose]()
      await rig.server[Symbol.asyncDispose]()
    },
    async start() {
      opened = ofrep()
      rig.server = await openTestServer(routes(), { port })
    },
    setAway(away) {
      isAway = away
    },
    async [Symbol.asyncDispose]() {
      isAway = false
      await rig.stop()
      await flags[Symbol.asyncDispose]()
      await database.drop()
    },
  }
  rig.browserToken = await makeBrowserToken(rig)
  await front.flagAskers.reload()
  return rig
}

export async function makeBrowserToken({ server }: Pick<OfrepRig, 'server'>): Promise<{ id: string; secret: string }> {
  const { text } = await server.ask('/v1/browser-tokens', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Shop', origins: [PAGE] }),
  })
  const { token, secret } = JSON.parse(text) as { token: { id: string }; secret: string }
  return { id: token.id, secret }
}

function openTokens({ server, folder }: FlagsRig): Promise<tokens.Tokens> {
  const [db, background] = [server().database('request'), server().database('background')]
  const cut: typeof db = {
    ...db,
    maybe: (statement) =>
      isAway ? Promise.reject(new DatabaseOutage('failed', 'cut by the test')) : db.maybe(statement),
  }
  const environment = stamp.environment
  const scopesOf = () => new Set(['flags:evaluate', 'tokens:write', 'users:read'] as const)
  return tokens.openTokens({
    db: cut,
    background,
    clock: systemClock,
    secret: testSecret,
    environment,
    folder,
    scopesOf,
  })
}

/** A browser's EventSource, as far as the official client uses it: it comes back after a cut, and ends at a refusal. */
export class PageEventSource extends EventTarget {
  static open = new Set<PageEventSource>()
  readyState = 0
  readonly url: string
  readonly #gone = new AbortController()
  #lastId = ''

  constructor(url: string) {
    super()
    this.url = url
    PageEventSource.open.add(this)
    void this.#read()
  }

  close(): void {
    this.readyState = 2
    PageEventSource.open.delete(this)
    this.#gone.abort()
  }

  async #read(): Promise<void> {
    while (!this.#gone.signal.aborted) {
      try {
        const headers = { origin: PAGE, ...(this.#lastId && { 'last-event-id': this.#lastId }) }
        const answer = await fetch(this.url, { headers, signal: this.#gone.signal })
        if (answer.status !== 200) return this.#refused()
        this.readyState = 1
        this.dispatchEvent(new Event('open'))
        let text = ''
        for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            this.#tell(text.slice(0, end))
            text = text.slice(end + 2)
          }
        }
      } catch {
        // Cut: what a browser does then is to come back.
      }
      if (this.#gone.signal.aborted) return
      this.readyState = 0
      this.dispatchEvent(new Event('error'))
      await new Promise((resolve) => setTimeout(resolve, COME_BACK_MS))
    }
  }

  #tell(text: string): void {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]
    const data = field('data')
    if (data === undefined) return
    this.#lastId = field('id') ?? this.#lastId
    this.dispatchEvent(new MessageEvent(field('event') ?? 'message', { data, lastEventId: this.#lastId }))
  }

  #refused(): void {
    this.close()
    this.dispatchEvent(new Event('error'))
  }
}
const COME_BACK_MS = 50

interface Hunk {
  reason: string
  op: 'add' | 'replace' | 'remove' | 'move'
  path: string
  from?: string
  value?: unknown
}

const beside = async (name: string) => parse(await readFile(join(import.meta.dirname, name), 'utf8')) as unknown
export const readPatch = async () => (await beside('openapi.patch.yaml')) as Hunk[]

/** RFC 6902, as far as the patch needs it. A place that is not there stops it. */
function apply(document: unknown, { op, path, from, value }: Hunk): void {
  const placeOf = (pointer: string) => {
    const steps = pointer
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = steps.pop()!
    const parent = steps.reduce((at, step) => (at as Record<string, unknown>)[step], document) as Record<
      string,
      unknown
    >
    if (op !== 'add' && pointer === (from ?? path) && !(last in parent)) throw new Error(`${pointer} is not there`)
    return { parent, last }
  }
  const { parent, last } = placeOf(path)
  if (op === 'remove') delete parent[last]
  else if (op === 'move') {
    const source = placeOf(from!)
    parent[last] = source.parent[source.last]
    delete source.parent[source.last]
  } else parent[last] = value
}

export type CheckAnswer = (line: string, status: number, body: unknown) => string[]

/** Holds answers against the protocol's own description; `except` leaves one hunk of the patch out. */
export async function openChecker(except?: Hunk): Promise<CheckAnswer> {
  const document = (await beside('openapi.yaml')) as { paths: Record<string, { post: { responses: object } }> }
  for (const hunk of await readPatch()) if (hunk.path !== except?.path) apply(document, hunk)
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
  ajv.addSchema(document, 'ofrep')
  return (line, status, body) => {
    const path = `/ofrep/v1/evaluate/flags${line}`
    const responses = document.paths[path]!.post.responses as Record<string, { content?: object }>
    const said = responses[status]
    if (!said) return [`${path} does not answer ${status}`]
    if (!said.content) return []
    const escaped = path.replaceAll('/', '~1')
    const check = ajv.compile({
      $ref: `ofrep#/paths/${encodeURI(escaped)}/post/responses/${status}/content/application~1json/schema`,
    })
    return check(body) ? [] : [`${line} ${status}: ${ajv.errorsText(check.errors)} in ${JSON.stringify(body)}`]
  }
}
