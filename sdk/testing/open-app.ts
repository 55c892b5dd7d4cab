import { Holdfast, type HoldfastOptions } from '../holdfast.ts'
import { AccessDouble, APPLICATION, APPLICATION_KEY } from './access-double.ts'
import { openFolder } from './open-folder.ts'
import { until } from './until.ts'

export const ORIGIN = 'http://app.acme.test'

/** A clock that both sides go by, and that a test turns. */
export interface TestClock {
  nowMs: number
}

export interface TestApp extends AsyncDisposable {
  access: AccessDouble
  clock: TestClock
  holdfast: Holdfast
  problems: string[]
  dataDir: string
  /** A new process on the same folder. */
  restart(more?: Partial<HoldfastOptions>): Promise<Holdfast>
  /** Until the feed has said everything there is. */
  caughtUp(): Promise<void>
}

/** The double of access, and an SDK that has found it. */
export async function openApp(more: Partial<HoldfastOptions> = {}): Promise<TestApp> {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await openFolder())
  const access = stack.use(await AccessDouble.open())
  const clock = { nowMs: Date.now() }
  access.now = () => clock.nowMs
  const problems: string[] = []
  const make = (changes: Partial<HoldfastOptions>) =>
    new Holdfast({
      url: access.url,
      key: APPLICATION_KEY,
      dataDir: folder.path,
      audience: APPLICATION,
      now: () => clock.nowMs,
      onProblem: (sentence) => problems.push(sentence),
      ...more,
      ...changes,
    })
  const app: TestApp = {
    access,
    clock,
    problems,
    dataDir: folder.path,
    holdfast: make({}),
    async restart(changes = {}) {
      await app.holdfast.close()
      app.holdfast = make(changes)
      return app.holdfast
    },
    caughtUp: () =>
      until('the feed has said everything', () => {
        const { seq, keys, lagMs } = app.holdfast.status()
        return keys > 0 && lagMs !== null && seq >= access.revocations.length
      }).then(() => {}),
    async [Symbol.asyncDispose]() {
      await app.holdfast.close()
      await stack.disposeAsync()
    },
  }
  await app.caughtUp()
  return app
}

/** A request of a browser with these cookies. */
export function browserWith(cookies: { handle?: string; proof?: string }, path = '/'): Request {
  const pairs = [
    cookies.handle === undefined ? [] : [`hf_session=${cookies.handle}`],
    cookies.proof === undefined ? [] : [`hf_proof=${cookies.proof}`],
    ['theme=dark', 'app_secret=not-for-access'],
  ].flat()
  return new Request(ORIGIN + path, { headers: { cookie: pairs.join('; ') } })
}
