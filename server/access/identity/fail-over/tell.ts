import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { mayManage } from '../../../ground/tenants/index.ts'
import type { Call } from '../../../platform/http/index.ts'
import { deviceOf } from '../../sessions/index.ts'
import type { Letter, Mail } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import type { User } from '../user.ts'
import { nameOf } from './decide-entry.ts'
import { enteredMail, type ListedSignIn, listMail, type PolicyNews, policyMail } from './mails.ts'
import type { SignInPolicy } from './policy.ts'
import * as queries from './queries.ts'

/** Who manages an organisation of thousands is a handful; the first of them are told. */
const MANAGERS_MAX = 50
const MEMBERS_LOOKED_AT = 1000
/** At most one mail to an organisation in this time, however many come. */
const LIST_EVERY_MS = 15 * 60_000
/** In one mail; beyond that it says how many more. */
const LISTED_MAX = 50
const TOLD_AT_ONCE = 1000
const ORGANIZATIONS_A_ROUND = 50

/** Tells the person; written and sent after the answer. */
export function tellFailOver(parts: Parts, call: Call, user: User, providerId: string): void {
  const { name: device, address } = deviceOf(call.headers, call.address)
  const props = {
    email: user.email,
    provider: nameOf(parts, providerId),
    device,
    address: address || null,
    at: parts.clock.now(),
    accountUrl: `${call.origin}${call.prefix}/account`,
  }
  send(parts, { email: user.email, locale: user.locale, time_zone: user.time_zone }, 'fail-over-sign-in', (letter) =>
    enteredMail(letter, props),
  )
}

/**
 * Tells those who manage an organisation who was let in while its provider was down: the first at once, the others in a list
 * a quarter of an hour later at the latest. What is told is marked in the transaction that chooses it, so that of several
 * processes one tells it.
 */
export async function tellManagers(parts: Parts): Promise<void> {
  const now = parts.clock.now()
  const before = new Date(now.getTime() - LIST_EVERY_MS)
  for (const organizationId of await queries.organizationsToTell(parts.background, before, ORGANIZATIONS_A_ROUND)) {
    const told = await parts.background.transaction((db) => queries.takeUntold(db, organizationId, now, TOLD_AT_ONCE))
    if (told.length > 0) await tellList(parts, organizationId, told)
  }
}

async function tellList(parts: Parts, organizationId: string, told: readonly queries.FailOverSignIn[]): Promise<void> {
  const shown = told.slice(0, LISTED_MAX)
  const people = await queries.readersOf(parts.background, [...new Set(shown.map(({ user_id }) => user_id))])
  const signIns: ListedSignIn[] = shown.flatMap(({ user_id, method, at }) => {
    const person = people.find(({ id }) => id === user_id)
    return person ? [{ email: person.email, method, at }] : []
  })
  const provider = nameOf(parts, told[0]!.provider_id)
  const more = told.length - signIns.length
  const membersUrl = `${parts.config.url}/account/organizations/${organizationId}`
  await toManagers(parts, organizationId, 'fail-over-list', (letter, organization) =>
    listMail(letter, { organization, provider, signIns, more, membersUrl }),
  )
}

/** After the commit of what it tells. */
export function tellPolicy(
  parts: Parts,
  organizationId: string,
  news: PolicyNews,
  { policy, reason }: { policy: SignInPolicy; reason: string | null },
): Promise<void> {
  return toManagers(parts, organizationId, `sign-in-policy-${news.kind}`, (letter, organization) =>
    policyMail(letter, news, { organization, policy, reason }),
  )
}

async function toManagers(
  parts: Parts,
  organizationId: string,
  purpose: string,
  write: (letter: Letter, organization: string) => Mail,
): Promise<void> {
  const { background: db, tenants } = parts
  const [names, members] = await Promise.all([
    tenants.names(db, [organizationId]),
    tenants.members(db, organizationId, MEMBERS_LOOKED_AT),
  ])
  const organization = names.get(organizationId)
  const managers = members.filter(({ roles }) => mayManage(roles)).slice(0, MANAGERS_MAX)
  if (!organization || managers.length === 0) return
  for (const reader of await queries.readersOf(
    db,
    managers.map(({ user_id }) => user_id),
  )) {
    send(parts, reader, purpose, (letter) => write(letter, organization))
  }
}

function send(
  parts: Parts,
  reader: Pick<User, 'email' | 'locale' | 'time_zone'>,
  purpose: string,
  compose: (letter: Letter) => Mail,
): void {
  parts.mailer.send({
    to: reader.email,
    purpose,
    reader: { locale: reader.locale, zone: reader.time_zone },
    audience: ACCOUNT_AUDIENCE,
    lane: 'notice',
    compose,
  })
}
