/** A whole access process, from the console to the page, with the official client and a PostgreSQL that stops answering. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { OFREPProvider } from '@openfeature/ofrep-provider'
import { until } from '../../../../sdk/testing/until.ts'
import { startTestPostgres } from '../../../platform/testing/index.ts'
import { enrol, openStage, visitorOf } from '../../testing.ts'
import { flagOf } from '../testing.ts'
import { PAGE, PageEventSource } from './testing.ts'

/** The demo has flags of its own. */
const valueIn = ({ flags }: { flags: { key: string; value: boolean }[] }) =>
  flags.find(({ key }) => key === 'shop-view')?.value

test('what is changed in the console reaches page and service, also when the database goes away afterwards', async () => {
  await using postgres = await startTestPostgres()
  await using stage = await openStage({ store: postgres })
  const visitor = visitorOf(stage)
  const jar = await enrol(stage, visitor, 'root@acme.test')
  const asConsole = { 'holdfast-audience': 'console', origin: stage.url }
  const post = async (path: string, body: unknown) => {
    const seen = await visitor.post(path, body, jar, asConsole)
    assert.ok(seen.status < 300, `${path}: ${seen.text}`)
    return seen.body as { secret: string; token: { id: string } }
  }
  const definition = flagOf('on', { metadata: { 'holdfast.client': true } })
  await post('/v1/flags', { key: 'shop-view', definition })
  const { secret } = await post('/v1/browser-tokens', { name: 'Shop', origins: [PAGE] })
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`${stage.url}/ofrep/v1/evaluate/flags`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', origin: PAGE, ...headers },
      body: '{"context":{"targetingKey":"u"}}',
    })

  const first = await ask()
  const said = (await first.json()) as {
    flags: { key: string; value: boolean }[]
    eventStreams: { endpoint: { requestUri: string } }[]
  }
  assert.deepEqual([first.status, valueIn(said)], [200, true])
  const { requestUri } = said.eventStreams[0]!.endpoint
  const stream = new PageEventSource(stage.url + requestUri)
  const heard: string[] = []
  stream.addEventListener('message', (event) => void heard.push((event as MessageEvent).lastEventId))
  try {
    await until('the stream', () => heard.length > 0)
    const before = heard.length
    await post('/v1/flags/shop-view/kill', { variant: 'off' })
    await until('the change', () => heard.length > before)
    assert.notEqual(heard.at(-1), heard[0])
    const changed = (await (await ask()).json()) as typeof said
    assert.equal(valueIn(changed), false)

    postgres.stopAll()
    const key = readFileSync(join(stage.folder, 'demo', 'key'), 'utf8').trim()
    const service = new OFREPProvider({ baseUrl: stage.url, headers: [['X-API-Key', key]] })
    const context = { targetingKey: 'u' }
    const answer = await service.resolveBooleanEvaluation('shop-view', true, context)
    assert.deepEqual([answer.value, answer.variant], [false, 'off'])
    const away = await ask()
    assert.deepEqual([away.status, away.headers.get('holdfast-flags-source')], [200, 'live'])
    const unseen = await ask({ authorization: `Bearer hf_development_browser_${'a'.repeat(43)}` })
    assert.equal(unseen.status, 503, 'nobody can tell whether there is such a token')
    assert.match(unseen.headers.get('retry-after')!, /^\d+$/)
  } finally {
    stream.close()
    postgres.continueAll()
  }
  const secretOfStream = new URL(requestUri, stage.url).searchParams.get('secret')!
  for (const hidden of [secret, secretOfStream, secretOfStream.slice(-43)])
    assert.ok(!stage.said().includes(hidden), 'neither token nor stream secret is in the log')
})
