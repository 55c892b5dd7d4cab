/** What a browser keeps of its answers, and what it refuses to keep and to give: with real keys, through the official web SDK. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OpenFeature } from '@openfeature/web-sdk'
import { HoldfastWebProvider } from './openfeature-web.ts'
import { Signer } from './testing/flags-double.ts'
import { BROWSER_TOKEN, type OfferedHeaders, OfrepDouble } from './testing/ofrep-double.ts'
import { type OpenedPage, openPage, type PageOptions, PageStorage } from './testing/open-page.ts'
import { until } from './testing/until.ts'

const NAME = 'holdfast.flags'
const ofPlan = (context: Record<string, unknown>) => [
  { key: 'view', value: context.plan === 'pro', variant: 'on', reason: 'TARGETING_MATCH' },
]

type Entry = Record<string, unknown>
interface Stored {
  keys: Record<string, { text: string; signature: string; root: Entry }>
  people: Record<string, Entry & { text: string; number: string }>
}
const storedIn = (storage: PageStorage): Stored => JSON.parse(storage.getItem(NAME) ?? '{"keys":{},"people":{}}')
const numbersIn = (storage: PageStorage) => Object.values(storedIn(storage).people).map(({ number }) => number)

/** Changes what lies there, by hand. */
function alter(storage: PageStorage, change: (stored: Stored) => void): void {
  const stored = storedIn(storage)
  change(stored)
  storage.setItem(NAME, JSON.stringify(stored))
}
const only = <Value>(all: Record<string, Value>): Value => Object.values(all)[0]!

async function openAccess(): Promise<OfrepDouble> {
  const access = await OfrepDouble.open()
  access.answer = ofPlan
  return access
}

/** A visit that ends when its answers were kept. */
async function visit(access: OfrepDouble, options: PageOptions): Promise<PageStorage> {
  const { storage = new PageStorage() } = options
  const { writes } = storage
  await using _page = await openPage(access, { ...options, storage })
  await until('they are kept', () => storage.writes > writes && numbersIn(storage).at(-1) === access.number)
  return storage
}

const viewOf = ({ client }: OpenedPage) => {
  const { value, reason } = client.getBooleanDetails('view', false)
  return [value, reason]
}
const faultOf = ({ provider }: OpenedPage) => provider.flagsStatus().fault?.code

/** Everything of another installation, which signs for the same environment. */
const stranger = new Signer({ installationId: 'ins_other' })
const strangersAnswers = (text: string) => {
  const [kid, signature] = stranger.signAnswers({ person: 'usr_1', number: 'e1.s1', text }).split('.')
  return { kid, signature, installation_id: 'ins_other' }
}

const altered: [string, string, (stored: Stored) => void][] = [
  ['another value', 'bad_signature', ({ people }) => (only(people).text = only(people).text.replace('true', 'false'))],
  ['another number', 'bad_signature', ({ people }) => (only(people).number = 'e1.s9')],
  [
    'the answers of another person',
    'bad_signature',
    ({ people }) => {
      const [usr1, usr2] = Object.keys(people)
      people[usr1!] = people[usr2!]!
    },
  ],
  ['no signature', 'unsigned', ({ people }) => delete only(people).signature],
  ['a signature of nobody', 'bad_signature', ({ people }) => (only(people).signature = 'A'.repeat(86))],
  ['another key', 'unknown_key', ({ people }) => (only(people).kid = 'fk_9')],
  ['another installation', 'other_installation', ({ people }) => (only(people).installation_id = 'ins_other')],
  ['nothing of an answer', 'unreadable', ({ people }) => (only(people).text = '')],
  ['no list of keys', 'bad_key_list', (stored) => (stored.keys = {})],
  [
    'a key of a stranger on the list',
    'bad_key_list',
    ({ keys, people }) => {
      only(keys).text = stranger.keyList().text.replaceAll('ins_other', 'ins_test')
      Object.assign(only(people), strangersAnswers(only(people).text), { installation_id: 'ins_test' })
    },
  ],
  [
    'the list and the signature of a stranger',
    'untrusted_root',
    ({ keys, people }) => {
      Object.assign(only(keys), stranger.keyList())
      Object.assign(only(people), strangersAnswers(only(people).text))
    },
  ],
  [
    'a list of another environment',
    'other_environment',
    ({ keys }) => Object.assign(only(keys), new Signer({ environment: 'demo' }).keyList()),
  ],
]

for (const [what, fault, change] of altered)
  test(`with access away, ${what} in the storage is refused and said so, and the app gets its own defaults`, async () => {
    await using access = await openAccess()
    const trust = access.signer!.fingerprint
    const storage = await visit(access, { trust })
    await visit(access, { trust, storage, person: 'usr_2' })
    await access.stop()
    {
      await using good = await openPage(access, { storage, trust })
      assert.deepEqual([good.begun, ...viewOf(good), faultOf(good)], ['ready', true, 'CACHED', undefined])
    }
    alter(storage, change)
    await using page = await openPage(access, { storage, trust })
    assert.deepEqual([page.begun, ...viewOf(page), faultOf(page)], ['error', false, 'ERROR', fault])
    const { errorCode, errorMessage } = page.client.getBooleanDetails('view', true)
    assert.equal(errorCode, 'PROVIDER_NOT_READY')
    const { message } = page.told.find(({ event }) => event === 'PROVIDER_ERROR')!
    for (const said of [errorMessage, message, page.problems.join()]) assert.match(said!, new RegExp(`\\(${fault}\\)`))

    await access.start()
    await until('it is answered and kept anew', () => viewOf(page)[1] === 'TARGETING_MATCH' && !faultOf(page))
    await access.stop()
    await using again = await openPage(access, { storage, trust })
    assert.deepEqual([again.begun, ...viewOf(again)], ['ready', true, 'CACHED'])
  })

const offered: [string, string, (access: OfrepDouble, offered: OfferedHeaders) => OfferedHeaders][] = [
  ['without a signature', 'unsigned', () => ({})],
  [
    'with the signature of nobody',
    'bad_signature',
    (_, given) => ({ ...given, 'holdfast-flags-signature': `fk_1.${'A'.repeat(86)}` }),
  ],
  [
    'signed for another person',
    'bad_signature',
    ({ signer, number }, given) => ({
      ...given,
      'holdfast-flags-signature': signer!.signAnswers({ person: 'usr_2', number, text: '{"flags":[]' }),
    }),
  ],
  ['without the list of keys', 'bad_key_list', (_, { 'holdfast-flags-keys': _keys, ...given }) => given],
  [
    'with a list that the root did not sign',
    'bad_key_list',
    ({ signer }, given) => ({
      ...given,
      'holdfast-flags-keys': JSON.stringify({ ...signer!.keyList(), text: stranger.keyList().text }),
    }),
  ],
  [
    'under another root',
    'untrusted_root',
    (_, given) => ({ ...given, 'holdfast-flags-keys': JSON.stringify(stranger.keyList()) }),
  ],
  [
    'of another environment',
    'other_environment',
    (_, given) => ({
      ...given,
      'holdfast-flags-keys': JSON.stringify(new Signer({ environment: 'demo' }).keyList()),
    }),
  ],
]

for (const [how, fault, change] of offered)
  test(`an answer ${how} is given, because access gave it, and not kept, and that is said`, async () => {
    await using access = await openAccess()
    access.offer = (given) => change(access, given)
    await using page = await openPage(access, { trust: access.signer!.fingerprint })
    await until('it is refused', () => faultOf(page) !== undefined)
    assert.deepEqual([page.begun, ...viewOf(page), faultOf(page)], ['ready', true, 'TARGETING_MATCH', fault])
    assert.equal(page.storage.items.size, 0)
    assert.equal(page.problems.length, 1)
    assert.match(page.problems[0]!, new RegExp(`not kept \\(${fault}\\)`))
  })

test('access that cannot sign answers all the same, and one that does not know how to is asked as before', async () => {
  await using access = await openAccess()
  access.signer = undefined
  await using page = await openPage(access)
  assert.deepEqual([page.begun, ...viewOf(page)], ['ready', true, 'TARGETING_MATCH'])
  await until('that is known', () => faultOf(page) === 'unsigned')
})

test('without a pin the first contact is trusted and said with its fingerprint; another root is not followed until it is pinned', async () => {
  await using access = await openAccess()
  const { fingerprint } = access.signer!
  const storage = new PageStorage()
  {
    await using page = await openPage(access, { storage })
    await until('it is said', () => page.problems.length === 1)
    assert.ok(page.problems[0]!.includes(`trust: '${fingerprint}'`))
    assert.deepEqual(page.provider.flagsStatus().trust, { fingerprint, pinned: false })
  }
  {
    await using page = await openPage(access, { storage })
    await until('it is kept again', () => storage.writes === 2)
    assert.deepEqual(page.problems, [])
  }
  access.signer = stranger
  {
    await using page = await openPage(access, { storage })
    await until('it is refused', () => faultOf(page) === 'untrusted_root')
    assert.deepEqual([storage.writes, viewOf(page)[1]], [2, 'TARGETING_MATCH'])
  }
  await using page = await openPage(access, { storage, trust: stranger.fingerprint })
  await until('the other is followed', () => only(storedIn(storage).people).installation_id === 'ins_other')
  assert.deepEqual(page.provider.flagsStatus().trust, { fingerprint: stranger.fingerprint, pinned: true })
})

test('a key that was replaced is believed no more, of nobody in this browser, and its list does not come back', async () => {
  await using access = await openAccess()
  const trust = access.signer!.fingerprint
  const storage = await visit(access, { trust, person: 'usr_2' })
  const old = access.signer!.keyList()
  const sign = access.signer!.key
  access.signer!.rotate()
  access.number = 'e1.s2'
  await visit(access, { trust, storage })
  assert.deepEqual(
    access.seen.map(({ status }) => status),
    [200, 200],
  )

  access.offer = ({ 'holdfast-flags-signature': signature }) => ({
    'holdfast-flags-signature': signature!,
    'holdfast-flags-keys': JSON.stringify(old),
  })
  {
    await using page = await openPage(access, { storage, trust })
    await until('the older list is refused', () => faultOf(page) === 'key_list_went_back')
  }
  access.signer!.key = sign
  access.offer = ({ 'holdfast-flags-signature': signature }) => ({
    'holdfast-flags-signature': signature!.replace('fk_2', 'fk_1'),
  })
  {
    await using page = await openPage(access, { storage, trust })
    await until('the older key is refused', () => faultOf(page) === 'unknown_key')
  }
  await access.stop()
  await using first = await openPage(access, { storage, trust })
  await using second = await openPage(access, { storage, trust, person: 'usr_2' })
  assert.deepEqual([first.begun, second.begun, faultOf(second)], ['ready', 'error', 'unknown_key'])
})

test('what is older than this browser has seen is not kept, and a page that has seen more is not taken back', async () => {
  await using access = await openAccess()
  const trust = access.signer!.fingerprint
  access.number = 'e1.s9'
  const storage = await visit(access, { trust })
  const before = storage.getItem(NAME)!
  access.number = 'e1.s10'
  await visit(access, { trust, storage })
  access.number = 'e1.s8'
  {
    await using lagging = await openPage(access, { trust, storage })
    await until('it is refused', () => faultOf(lagging) === 'older')
    assert.deepEqual([numbersIn(storage), lagging.problems], [['e1.s10'], []])
  }
  access.number = 'e1.s10'
  const { writes } = storage
  await using page = await openPage(access, { trust, storage })
  await until('it has seen it', () => access.listeners === 1 && storage.writes > writes)
  storage.setItem(NAME, before)
  await access.stop()
  await OpenFeature.setContext(page.domain, { targetingKey: 'usr_1', plan: 'free' })
  assert.deepEqual([...viewOf(page), faultOf(page)], [false, 'ERROR', 'older'])
  access.number = 'e2.s1'
  await access.start()
  await until('a restore is followed', () => numbersIn(storage)[0] === 'e2.s1')
})

test('five people are kept, nobody is named, and no address of a stream lies there', async () => {
  await using access = await openAccess()
  const storage = new PageStorage()
  for (let n = 1; n <= 7; n++) {
    access.number = `e1.s${n}`
    await visit(access, { storage, person: `usr_${n}` })
  }
  assert.deepEqual(numbersIn(storage), ['e1.s3', 'e1.s4', 'e1.s5', 'e1.s6', 'e1.s7'])
  const text = storage.getItem(NAME)!
  for (const hidden of ['usr_', 'secret', BROWSER_TOKEN]) assert.ok(!text.includes(hidden), hidden)
})

test('a pin that is none is said at once', () => {
  const options = { url: 'https://id.acme.example', token: BROWSER_TOKEN, storage: null }
  assert.throws(() => new HoldfastWebProvider({ ...options, trust: 'root' }), /holdfast flags trust/)
})

test('a page without storage asks for no signature', async () => {
  await using access = await openAccess()
  let asked = 0
  access.offer = (given) => {
    asked += 1
    return given
  }
  const provider = new HoldfastWebProvider({ url: access.url, token: BROWSER_TOKEN, storage: null })
  await provider.initialize({ targetingKey: 'usr_1' })
  await provider.onClose()
  assert.deepEqual([asked, access.seen.length, provider.flagsStatus().trust.fingerprint], [0, 1, null])
})
