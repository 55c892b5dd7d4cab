import { join } from 'node:path'
import { freePorts } from '../frame/loopback.ts'
import type { Administrator } from '../holdfast/administrator.ts'
import { asSuperuser } from '../holdfast/make-database.ts'
import { openMailbox } from '../holdfast/mailbox.ts'
import { startLoad } from '../load/start-load.ts'
import type { AccountsSeen, OpenArm, OpenArmOf, VerdictSeen } from './arm.ts'
import type { Comer, KnownSession } from './door.ts'
import type { HoldfastSetup } from './holdfast-load.ts'
import { openApp, originOf } from './open-app.ts'
import { setPolicies, setUpInstallation } from './set-up-installation.ts'
import { setUpPeople } from './set-up-people.ts'

/** Holdfast as anybody starts it, on a PostgreSQL of its own, with twenty providers and their people. */
export const openHoldfastArm: OpenArmOf = async ({ stage, plan, outside, members, progress }) => {
  progress.step('holdfast: starting access, setting up twenty providers')
  const prepared = await setUpInstallation(stage, outside)
  const { administrator, installation, providers, superuserUrl } = prepared
  const [appPort] = await freePorts(1)
  const app = { name: 'Shop', origins: [originOf(appPort!)] }
  const { key } = await administrator.ask<{ key: string }>('POST', '/v1/applications', app)
  const { url } = installation
  const way = { authority: outside.authority, names: outside.names.path }
  const mailFolder = join(installation.data, 'mail')

  progress.step(`holdfast: ${members.length} people sign in at their providers, and keep a passkey`)
  await using running = await openApp({ url, key, folder: join(stage.folder, 'sdk-app'), port: appPort! })
  const people = await setUpPeople({
    ...{ stage, prepared, members, way, mailbox: openMailbox(mailFolder) },
    fronts: { access: { origin: url, prefix: '' }, app: { origin: running.origin, prefix: '/auth' } },
  })
  progress.step('holdfast: policies of twenty organisations')
  await setPolicies(prepared)
  const setup: HoldfastSetup = {
    ...{ plan, ...people, url, ...way, issuers: outside.issuers, providers, mailFolder },
    ...{ applicationKey: key, sdkFolder: join(stage.folder, 'sdk') },
  }
  const load = await startLoad(stage, { entry: new URL('holdfast-load.ts', import.meta.url), setup })
  const keyOf = new Map(Object.entries(providers).map(([customer, id]) => [id, customer]))
  return {
    load,
    readVerdicts: () => readVerdicts(administrator, keyOf),
    async outliveKeys(customer, ageMs) {
      await asSuperuser(superuserUrl, (client) =>
        client.query(
          `update providers.document set fetched_at = fetched_at - $2 * interval '1 ms' where provider_id = $1`,
          [providers[customer], ageMs],
        ),
      )
    },
    readAccounts: () => readAccounts(administrator, [...people.live, ...people.comers, ...people.refused]),
    async stop() {
      load.stop()
      const failOver = await countFailOver(superuserUrl)
      await prepared.close()
      return { fail_over: failOver, left_running: await installation.stop() }
    },
  } satisfies OpenArm
}

interface Listed {
  data: { id: string; verdict: { state: string; is_open: boolean; epoch?: number } | null }[]
}

async function readVerdicts(administrator: Administrator, keyOf: Map<string, string>) {
  const { data } = await administrator.ask<Listed>('GET', '/v1/providers?limit=200')
  const seen: Record<string, VerdictSeen> = {}
  for (const { id, verdict } of data) {
    const key = keyOf.get(id)
    // Of whom nothing was ever seen nothing is held.
    if (key && verdict) seen[key] = { state: verdict.state, isOpen: verdict.is_open, epoch: verdict.epoch ?? null }
  }
  return seen
}

interface Account {
  picture_url: string | null
  metadata_public: { phone?: string }
}

/** Each account as it was, and none beside them. */
async function readAccounts(administrator: Administrator, people: (KnownSession | Comer)[]): Promise<AccountsSeen> {
  let changed = 0
  for (const { member, account } of people) {
    const seen = await administrator.ask<Account>('GET', `/v1/users/${account}`)
    if (seen.picture_url !== member.picture || seen.metadata_public.phone !== member.phone) changed++
  }
  let [found, cursor] = [0, null as string | null]
  do {
    const path = `/v1/users?limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
    const page = await administrator.ask<{ data: { email: string }[]; next_cursor: string | null }>('GET', path)
    found += page.data.filter(({ email }) => email.startsWith('person-')).length
    cursor = page.next_cursor
  } while (cursor !== null)
  return { looked: people.length, changed, tooMany: Math.max(0, found - people.length) }
}

/** As the database holds them: who was let in, for how many a deadline was set on the return, and who was refused why. */
async function countFailOver(superuserUrl: string): Promise<Record<string, unknown>> {
  return asSuperuser(superuserUrl, async (client) => {
    const signIns = await client.query<{ method: string; count: number; due: number }>(
      `select method, count(*)::int as count, count(due_at)::int as due
         from identity.fail_over_sign_in group by method`,
    )
    const refused = await client.query<{ reason: string; count: number }>(
      'select reason, sum(count)::int as count from identity.fail_over_refusal group by reason',
    )
    return {
      sign_ins: Object.fromEntries(signIns.rows.map(({ method, count, due }) => [method, { count, due }])),
      refused: Object.fromEntries(refused.rows.map(({ reason, count }) => [reason, count])),
    }
  })
}
