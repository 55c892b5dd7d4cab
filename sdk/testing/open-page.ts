/** A page in a browser, as far as the web provider sees one: its storage, whether somebody looks at it, and the official SDK. */
import { type Client, OpenFeature, ProviderEvents } from '@openfeature/web-sdk'
import type { OpenEventStream } from '../flags/web/change-stream.ts'
import { HoldfastWebProvider } from '../openfeature-web.ts'
import { BROWSER_TOKEN, type OfrepDouble, openEventStream } from './ofrep-double.ts'

/** What lies in one browser. */
export class PageStorage {
  readonly items = new Map<string, string>()
  getItem = (name: string) => this.items.get(name) ?? null
  writes = 0
  setItem = (name: string, value: string) => {
    this.writes += 1
    this.items.set(name, value)
  }
}

/** A page that somebody looks at, or does not. */
export class TestPage extends EventTarget {
  hidden = false
  show(isShown: boolean) {
    this.hidden = !isShown
    this.dispatchEvent(new Event('visibilitychange'))
  }
}

export interface PageOptions {
  storage?: PageStorage
  token?: string
  page?: TestPage
  trust?: string
  person?: string
  eventStream?: OpenEventStream
}

interface Told {
  event: string
  message: string | undefined
  flagsChanged: string[] | undefined
}

export interface OpenedPage extends AsyncDisposable {
  client: Client
  provider: HoldfastWebProvider
  storage: PageStorage
  told: Told[]
  problems: string[]
  begun: 'ready' | 'error'
  domain: string
}

const EVENTS = [
  ProviderEvents.Ready,
  ProviderEvents.Stale,
  ProviderEvents.Error,
  ProviderEvents.ConfigurationChanged,
] as const

/** Of somebody on plan pro, as soon as it has begun. */
export async function openPage(access: OfrepDouble, options: PageOptions = {}): Promise<OpenedPage> {
  const { storage = new PageStorage(), token = BROWSER_TOKEN, page = new TestPage(), trust, person = 'usr_1' } = options
  const eventStream = options.eventStream ?? openEventStream
  const problems: string[] = []
  const provider = new HoldfastWebProvider({
    ...{ url: access.url, token, storage, page, eventStream },
    ...(trust !== undefined && { trust }),
    onProblem: (sentence) => problems.push(sentence),
  })
  const domain = crypto.randomUUID()
  const client = OpenFeature.getClient(domain)
  const told: Told[] = []
  for (const event of EVENTS)
    client.addHandler(event, (details) => {
      const { message, flagsChanged } = (details ?? {}) as Partial<Told>
      told.push({ event, message, flagsChanged })
    })
  await OpenFeature.setContext(domain, { targetingKey: person, plan: 'pro' })
  const begun = await OpenFeature.setProviderAndWait(domain, provider).then(
    () => 'ready' as const,
    () => 'error' as const,
  )
  const end = () => provider.onClose()
  return { client, provider, storage, told, problems, begun, domain, [Symbol.asyncDispose]: end }
}
