import { ACCOUNT_AUDIENCE } from '../../../ground/applications/index.ts'
import { mayManage } from '../../../ground/tenants/index.ts'
import { type Letter, type Mail, mailOf, mailTime } from '../mails/mail.ts'
import type { Parts } from '../parts.ts'
import { type Reader, readersAmong } from './queries.ts'
import { RESCUE_LIFE_MS, type RescueRow } from './rescue.ts'

/** Who manages an organisation of thousands is a handful; the first of them are told. */
const MANAGERS_MAX = 50
const MEMBERS_LOOKED_AT = 1000

/** To the person alone, and not after the code has run out. */
export function mailCode(
  parts: Parts,
  to: Reader,
  props: { organization: string; code: string; url: string; expiresAt: Date },
): void {
  parts.mailer.send({
    to: to.email,
    purpose: 'rescue',
    reader: { locale: to.locale, zone: to.time_zone },
    audience: ACCOUNT_AUDIENCE,
    lane: 'urgent',
    expiresAt: props.expiresAt,
    compose: (letter) => rescueMail(letter, props),
  })
}

/** Everybody who could have asked for it, and the person themselves. After the commit; whoever acts does not wait for it. */
export async function tellManagers(
  parts: Parts,
  row: RescueRow,
  news: { kind: 'issued' | 'used'; address: string },
): Promise<void> {
  const { background: db, tenants, clock } = parts
  const [names, members] = await Promise.all([
    tenants.names(db, [row.organization_id]),
    tenants.members(db, row.organization_id, MEMBERS_LOOKED_AT),
  ])
  const managers = members.filter(({ roles }) => mayManage(roles)).slice(0, MANAGERS_MAX)
  const ids = new Set([row.user_id, ...managers.map(({ user_id: id }) => id)])
  const props = {
    kind: news.kind,
    organization: names.get(row.organization_id) ?? row.organization_id,
    person: row.user_email ?? row.user_id,
    by: row.issued_by_name,
    reason: row.reason,
    handOver: row.hand_over,
    at: clock.now(),
    address: news.kind === 'used' ? news.address : null,
    accountUrl: `${parts.config.url}/account`,
  }
  for (const reader of await readersAmong(db, [...ids])) {
    parts.mailer.notice(reader, `rescue-${news.kind}`, (letter) => rescueNewsMail(letter, props))
  }
}

export interface RescueMailProps {
  organization: string
  code: string
  url: string
  expiresAt: Date
}

export function rescueMail(letter: Letter, props: RescueMailProps): Mail {
  const words = letter.words.rescue.mail
  return mailOf(letter, words.subject(props.organization), words.title, [
    { kind: 'text', text: words.what(props.organization, RESCUE_LIFE_MS / 60_000) },
    {
      kind: 'facts',
      facts: [
        [words.code, props.code],
        [words.until, mailTime(letter, props.expiresAt)],
      ],
    },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: props.url },
  ])
}

export interface RescueNewsProps {
  kind: 'issued' | 'used'
  organization: string
  person: string
  by: string | null
  reason: string
  handOver: 'mail' | 'voice'
  at: Date
  address: string | null
  accountUrl: string
}

export function rescueNewsMail(letter: Letter, props: RescueNewsProps): Mail {
  const words = letter.words.rescue.news
  const { organization, person } = props
  const said = props.kind === 'issued' ? words.issued : words.used
  return mailOf(letter, said.subject(organization), said.title, [
    { kind: 'text', text: said.what(person, organization) },
    {
      kind: 'facts',
      facts: [
        [words.who, props.by ?? words.administrator],
        [words.reason, props.reason],
        [words.handOver, words.handOvers[props.handOver]],
        [words.when, mailTime(letter, props.at)],
        ...(props.address ? [[words.address, props.address] as [string, string]] : []),
      ],
    },
    { kind: 'text', text: words.next },
    { kind: 'button', label: words.button, url: props.accountUrl },
  ])
}
