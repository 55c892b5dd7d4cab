import { randomBytes } from 'node:crypto'
import { type Discovery, discoveryUrl, judgeEndpoints, judgeIssuer } from '../documents/index.ts'
import { EgressFault, readJson } from '../egress/index.ts'
import { depart, tryClient } from '../exchange/index.ts'
import type { Parts } from '../parts.ts'
import type { Provider } from '../provider.ts'

export interface TestStep {
  name: 'discovery' | 'issuer' | 'endpoints' | 'keys' | 'authorization' | 'client'
  outcome: 'good' | 'bad'
  detail: string
}

const STEP_MS = 5_000

/**
 * Everything that a sign-in will need, asked once, now; the first thing that is bad ends it, for what follows stands on it.
 * Throws bugs alone.
 */
export async function testProvider(parts: Parts, provider: Provider): Promise<TestStep[]> {
  const steps: TestStep[] = []
  try {
    for (const [name, work] of stepsOf(parts, provider)) {
      const detail = await settled(work())
      if (typeof detail === 'string') steps.push({ name, outcome: 'good', detail: sentence(detail) })
      else {
        steps.push({ name, outcome: 'bad', detail: sentence(detail.message) })
        return steps
      }
    }
  } catch (error) {
    throw new Error('a provider could not be tested', { cause: error })
  }
  return steps
}

async function settled(work: Promise<string>): Promise<string | EgressFault> {
  try {
    return await work
  } catch (error) {
    if (error instanceof EgressFault) return error
    throw error
  }
}

type Step = readonly [TestStep['name'], () => Promise<string>]

function stepsOf(parts: Parts, provider: Provider): Step[] {
  const { egress, documents } = parts
  let body: Record<string, unknown> = {}
  return [
    [
      'discovery',
      async () => {
        const url = discoveryUrl(provider.issuer)
        const answered = await egress.ask({ url, headers: { accept: 'application/json' }, deadlineMs: STEP_MS })
        body = readJson(answered)
        return `it answered in ${answered.tookMs} ms over ${answered.tls.protocol ?? 'TLS'}`
      },
    ],
    ['issuer', async () => `it is ${judgeIssuer(body, provider)}, letter by letter`],
    [
      'endpoints',
      async () => {
        judgeEndpoints(body)
        await lookAt(documents.look(provider, 'discovery', STEP_MS))
        return 'all are https'
      },
    ],
    [
      'keys',
      async () => {
        await lookAt(documents.look(provider, 'keys', STEP_MS))
        return `${documents.goodKeys(provider).length} keys that sign`
      },
    ],
    ['authorization', () => askAuthorization(parts, provider)],
    ['client', () => tryClient(parts, provider, documents.discovery(provider) as Discovery)],
  ]
}

async function lookAt(look: ReturnType<Parts['documents']['look']>): Promise<void> {
  const { outcome, fault, detail } = await look
  if (outcome !== 'good') throw new EgressFault((fault ?? 'malformed') as EgressFault['fault'], detail ?? 'it failed')
}

/** As a browser would be sent there: an unknown client or callback address shows here, at most providers. */
async function askAuthorization(parts: Parts, provider: Provider): Promise<string> {
  const { url } = await depart(parts, provider, { loginHint: `${randomBytes(6).toString('hex')}@holdfast.invalid` })
  const { status } = await parts.egress.ask({ url, headers: { accept: 'text/html' }, deadlineMs: STEP_MS })
  if (status < 400) return `it answered ${status}`
  const why = status < 500 ? ': check the client id, and that the callback URL is allowed there' : ''
  throw new EgressFault(status < 500 ? 'status-4xx' : 'status-5xx', `it answered ${status}${why}`)
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
