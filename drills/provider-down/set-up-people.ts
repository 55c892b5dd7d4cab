import type { Stage } from '../frame/stage.ts'
import { asSuperuser } from '../holdfast/make-database.ts'
import type { Mailbox } from '../holdfast/mailbox.ts'
import { makePasskey, type Passkey } from './authenticator.ts'
import type { Comer, KnownSession } from './door.ts'
import {
  type Front,
  goThroughProvider,
  openPersonBrowser,
  type Person,
  readSession,
  saidOf,
  typeAddress,
} from './holdfast-person.ts'
import { type Member, organizationOf } from './people.ts'
import type { Prepared } from './set-up-installation.ts'

/** Everybody as they were long before the outage: an account, linked, in their organisation, some with a passkey. */
export interface Peopled {
  live: KnownSession[]
  comers: Comer[]
  refused: Comer[]
}

const PERSON_DEADLINE_MS = 20_000
const AT_ONCE = 6

export async function setUpPeople(scene: {
  stage: Stage
  prepared: Prepared
  members: Member[]
  /** Access itself, and an app for whoever is verified by the SDK. */
  fronts: { access: Front; app: Front }
  way: { authority: string; names: string }
  mailbox: Mailbox
}): Promise<Peopled> {
  const { stage, prepared, members, fronts, way, mailbox } = scene
  const made: { member: Member; account: string; passkey: Passkey | null; person: Person }[] = []
  let next = 0
  const work = async () => {
    for (let at = next++; at < members.length; at = next++) {
      const member = members[at]!
      const signal = AbortSignal.any([stage.signal, AbortSignal.timeout(PERSON_DEADLINE_MS)])
      const front = wayOf(member) === 'sdk' ? fronts.app : fronts.access
      const browser = openPersonBrowser(way, { origin: front.origin, index: 1_000_000 + at })
      const person: Person = { browser, front, member, passkey: null, mailbox, signal }
      const account = await arrive(person)
      await joinOrganization(prepared, member, account)
      const passkey = member.role !== 'stays' && member.has === 'passkey' ? await enrol(person) : null
      made[at] = { member, account, passkey, person }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  await grow(prepared, made)
  const of = (role: Member['role']) => made.filter(({ member }) => member.role === role)
  const comerOf = ({ member, account, passkey }: (typeof made)[number]): Comer => ({ member, account, means: passkey })
  return {
    live: of('stays').map(({ member, account, person }) => ({
      ...{ member, account, way: wayOf(member) },
      cookies: person.browser.cookies(new URL(person.front.origin)),
    })),
    comers: of('comes').map(comerOf),
    refused: of('refused').map(comerOf),
  }
}

/** Half of those who are signed in are verified by the SDK of an app, half by their cookie at access. */
const wayOf = ({ role, subject }: Member): KnownSession['way'] =>
  role === 'stays' && subject % 2 === 0 ? 'sdk' : 'cookie'

/** Through the provider, which is trusted for addresses, so that an account is made; answers whose it is. */
async function arrive(person: Person): Promise<string> {
  const { onward } = await typeAddress(person)
  const came = await goThroughProvider(person, onward!)
  if (came !== 'signed-in') throw new Error(`${person.member.email} was not sent to a provider that is well.`)
  const answer = await readSession(person)
  if (answer.verdict !== 'valid') throw new Error(`${person.member.email} has no session: ${answer.verdict}.`)
  return answer.session.user.id
}

async function joinOrganization({ administrator, organizations }: Prepared, member: Member, account: string) {
  const { picture, phone } = member
  await administrator.ask('PATCH', `/v1/users/${account}`, { picture_url: picture, metadata_public: { phone } })
  await administrator.ask('POST', '/v1/memberships', {
    ...{ organization_id: organizations[organizationOf(member)], user_id: account, roles: ['member'] },
  })
}

/** Within the session of the provider: where that is demanded no other passkey wakes in an outage. */
async function enrol({ browser, front, signal }: Person): Promise<Passkey> {
  const post = async (path: string, json: unknown, status: number) => {
    const page = await browser.open(new URL(path, front.origin), { method: 'POST', json, signal })
    if (page.status !== status) throw new Error(`No passkey was enrolled: ${saidOf(page)}`)
    return JSON.parse(page.body) as { options: { challenge: string; user: { id: string } } }
  }
  const { options } = await post('/v1/account/passkey-enrolments', {}, 200)
  const place = { origin: front.origin, rpId: new URL(front.origin).hostname }
  const { passkey, response } = makePasskey(options, place)
  await post('/v1/account/passkeys', { name: 'Telephone', response }, 201)
  return passkey
}

/**
 * Nobody can wait until addresses are as old as policies ask: the database makes everybody ninety days older, but for those
 * who are to be refused for it. Then what an administrator does to single people.
 */
async function grow({ superuserUrl, administrator }: Prepared, made: { member: Member; account: string }[]) {
  const of = (...reasons: Member['refusedFor'][]) =>
    made.filter(({ member }) => reasons.includes(member.refusedFor)).map(({ account }) => account)
  const young = of('address_too_new')
  const old = made.map(({ account }) => account).filter((account) => !young.includes(account))
  await asSuperuser(superuserUrl, async (client) => {
    await client.query(
      `update identity."user" set created_at = created_at - interval '90 days',
              email_since = email_since - interval '90 days', email_proved_at = email_proved_at - interval '90 days',
              email_asserted_at = email_asserted_at - interval '90 days' where id = any($1)`,
      [old],
    )
    await client.query(
      `update identity.linked_identity set linked_at = linked_at - interval '90 days',
              last_proved_at = last_proved_at - interval '60 days' where user_id = any($1)`,
      [of('not_seen_lately')],
    )
  })
  for (const account of of('closed')) {
    const methods = await administrator.ask<{ linked_identities: { id: string }[] }>(
      'GET',
      `/v1/users/${account}/sign-in-methods`,
    )
    const path = `/v1/users/${account}/linked-identities/${methods.linked_identities[0]!.id}/close`
    await administrator.ask('POST', path, { reason: 'Left the company.' })
  }
  for (const account of of('blocked')) {
    await administrator.ask('PUT', `/v1/users/${account}/block`, { reason: 'Left the company.' })
  }
}
