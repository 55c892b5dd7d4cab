import type { Provider } from '../../app/api/wire/providers.ts'
import { type Answer, type Asked, invalid, newId, nothing, pageOf, problem, type Routes } from '../answer.ts'
import { MINUTE_MS } from '../world/ids.ts'
import { callbackOf, verdictOf, why } from '../world/providers.ts'

/** As the provider over there does not know it. */
export const WRONG_SECRET = 'with-a-typing-error'

/** Who vouches for people elsewhere, and whether they can be reached. */
export const providers: Routes = {
  'GET providers'(asked) {
    const { id, under, query, world } = asked
    if (!id) return pageOf(world.providers, query)
    return withOne(asked, (found) => {
      if (under === 'evidence') return pageOf(world.evidence[found.id] ?? [], query)
      if (under === 'keys') return [200, { data: world.providerKeys }]
      if (under === 'history') return pageOf(world.history[found.id] ?? [], query)
      return [200, { ...found, cut_off: world.cutOff }]
    })
  },
  'POST providers'(asked) {
    if (!asked.id) return make(asked)
    return withOne(asked, (found) => {
      switch (asked.under) {
        case 'test':
          return test(found, asked)
        case 'enable':
          return found.tested_at
            ? [200, Object.assign(found, { is_enabled: true })]
            : problem(
                409,
                'providers.not_tested',
                'Test this provider first: it is enabled only after a test that went well.',
              )
        case 'disable':
          return [200, Object.assign(found, { is_enabled: false })]
        case 'key-reinstatements':
          return reinstate(asked)
        case 'order':
          return order(found, asked)
        default:
          return nothing(asked)
      }
    })
  },
  'PATCH providers': (asked) =>
    withOne(asked, (found) => {
      const { client_secret, ...told } = asked.body
      const isOther = 'issuer' in told || 'client_id' in told || client_secret !== undefined
      if (isOther && found.is_enabled && client_secret === WRONG_SECRET) {
        const detail =
          'Nothing was changed: with these settings people would be kept out (client: The token endpoint said invalid_client: check the client id and the secret.) Mend it and send it again, or disable the provider first.'
        return problem(409, 'providers.test_failed', detail)
      }
      const at = asked.now.toISOString()
      Object.assign(found, told, { changed_at: at }, isOther && { tested_at: found.is_enabled ? at : null })
      if (client_secret !== undefined) found.has_client_secret = true
      return [200, found]
    }),
  'DELETE providers': (asked) =>
    withOne(asked, (found) => {
      if (asked.under === 'order') {
        Object.assign(found.verdict!, { ordered: null, ordered_until: null, ordered_by: null, ordered_reason: null })
        return [204]
      }
      asked.world.providers = asked.world.providers.filter((one) => one !== found)
      return [204]
    }),
}

function withOne(asked: Asked, answer: (found: Provider) => Answer): Answer {
  const found = asked.world.providers.find(({ id }) => id === asked.id)
  return found
    ? answer(found)
    : problem(404, 'providers.no_provider', `There is no identity provider ${asked.id}, or it was deleted.`)
}

function make({ body, world, now }: Asked): Answer {
  const { client_secret, ...told } = body as Partial<Provider> & { client_secret?: string }
  const name = String(told.name ?? '')
  if (name === '') return invalid('name', 'must NOT have fewer than 1 characters')
  const other = world.providers.find(({ domains }) => domains.some((domain) => told.domains?.includes(domain)))
  if (other) {
    const detail = `The domain ${other.domains[0]} belongs to the provider ${other.name} already. Take it away there first.`
    return problem(409, 'providers.domain_taken', detail)
  }
  const at = now.toISOString()
  const id = newId('prv')
  const made: Provider = {
    ...(told as Provider),
    id,
    has_client_secret: client_secret !== undefined,
    is_enabled: false,
    tested_at: null,
    created_at: at,
    changed_at: at,
    email_counts_from: null,
    factors_count_from: null,
    version: 1,
    callback_url: callbackOf(id),
    last_fetched: { discovery: null, keys: null },
    verdict: null,
  }
  world.providers.unshift(made)
  return [201, made]
}

/** What is at a host called `nowhere` cannot be reached. */
function test(found: Provider, { now }: Asked): Answer {
  const steps = [
    ['discovery', 'It answered in 84 ms over TLSv1.3.'],
    ['issuer', `Its document says ${found.issuer}, letter by letter.`],
    ['endpoints', 'Both are https and on the internet.'],
    ['keys', 'It has 2 keys that can be used, RS256.'],
    ['authorization', 'It showed a page to sign in.'],
    ['client', 'It refused a code that we made up, and not the client.'],
  ].map(([name, detail]) => ({ name, outcome: 'good', detail }))
  if (found.issuer.includes('nowhere')) {
    const bad = {
      name: 'discovery',
      outcome: 'bad',
      detail: 'No name server knows this host. Is the issuer spelled right?',
    }
    return [200, { is_good: false, steps: [bad] }]
  }
  const at = now.toISOString()
  Object.assign(found, { tested_at: at, last_fetched: { discovery: at, keys: at } })
  return [200, { is_good: true, steps }]
}

function reinstate(asked: Asked): Answer {
  const key = asked.world.providerKeys.find(({ thumbprint }) => thumbprint === asked.body.thumbprint)
  if (!key) return nothing(asked)
  key.withdrawn_at = null
  return [204]
}

function order(found: Provider, { body, world, now }: Asked): Answer {
  const { ordered, reason, minutes } = body as { ordered: 'open' | 'closed'; reason: string; minutes: number }
  const before = found.verdict ?? verdictOf('healthy', now.toISOString())
  found.verdict = {
    ...before,
    epoch: before.epoch + 1,
    ordered,
    ordered_reason: reason,
    ordered_by: world.self.user,
    ordered_until: new Date(now.getTime() + minutes * MINUTE_MS).toISOString(),
  }
  world.history[found.id]?.unshift({
    epoch: before.epoch + 1,
    at: now.toISOString(),
    state: before.state,
    is_open: ordered === 'open',
    by: world.self.user,
    why: why(`${ordered === 'open' ? 'Forced open' : 'Forbidden'} by an administrator: ${reason}`),
  })
  return [200, found.verdict]
}
