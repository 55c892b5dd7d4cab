import type { Reason } from '@holdfast/sdk/contract'
import type { EndList, SessionEnd, VerdictCount, Verifiers } from '../../api/wire/sessions.ts'
import type { WhySearch } from '../../paths.ts'
import { sayCount, sayDuration, sayNumber } from '../../ui/moment.ts'
import { sayApplication } from '../session-state.ts'

/** The answer in one sentence: to read out, and to think no further. */
export function sayAnswer({ data, still_live, next_cursor }: EndList, asked: WhySearch): string | null {
  const [first] = data
  if (asked.session) return first ? sayEnd(first) : null
  if (asked.user) return sayOfPerson(data, still_live, asked)
  if (!asked.at || !first) return asked.at ? 'No session ended around that time.' : null
  const people = new Set(data.map(({ user }) => user.id)).size
  const isMore = next_cursor !== null
  return `${isMore ? 'More than ' : ''}${sayCount(data.length, 'session')} of ${sayCount(people, 'person', 'people')}${isMore ? ' or more' : ''} ended around that time, the last one at ${sayTime(first.ended_at!)}.`
}

function sayOfPerson(ends: readonly SessionEnd[], live: readonly SessionEnd[], { at }: WhySearch): string {
  const [newest] = ends
  const [alive] = live
  const around = at ? ' around that time' : ''
  if (!newest && !alive) return `No session of this person ended${around || ' that is still kept'}, and none is live.`
  if (!newest) return sayLive(alive!, live.length)
  if (!alive) return sayEnd(newest)
  return `${sayEnd(newest)} ${live.length === 1 ? 'One other session has' : `${sayNumber(live.length)} other sessions have`} not ended.`
}

export function sayEnd(end: SessionEnd): string {
  if (!end.ended_at) return sayLive(end)
  return `Ended on ${sayDay(end.ended_at)} ${sayAuthor(end)}${sayBecause(end)}.`
}

function sayAuthor({ ended_by: by }: SessionEnd): string {
  if (!by) return 'by nobody that was recorded'
  const from = by.device ? `, in ${by.device}` : ''
  if (by.kind === 'person') return `by the person themselves${from}`
  if (by.kind === 'token') return `by a program, with the token ${by.id}`
  if (by.kind === 'staff')
    return `by an administrator (${by.label}) from the console${by.device ? ` in ${by.device}` : ''}`
  return by.label
}

/** What the author does not tell already. */
const becauses: Partial<Record<Reason, string>> = {
  signed_out: ': signed out in that browser',
  signed_out_elsewhere: ': ended from another device',
  signed_out_everywhere: ': signed out everywhere',
  replaced: ', because somebody signed in again in that browser',
  blocked: ', because the account was blocked',
  account_deleted: ', because the account was deleted',
  email_changed: ', because the e-mail address of the account was changed',
  restored: ' before the database was put back from a backup',
  impersonation_ended: ', because the time in which support acted for them was over',
  failover_ended: ', because their identity provider was back and they had not confirmed the session there in time',
  expired: ': it had reached its longest life',
}

function sayBecause({ reason, sentence, ended_by }: SessionEnd): string {
  if (reason === null) return '. No reason was recorded'
  const said = becauses[reason]
  if (said !== undefined) return said
  const isTold = reason === 'revoked' || (reason === 'idle' && ended_by?.label.includes(':'))
  return isTold ? '' : `: ${sentence.replace(/\.$/, '')}`
}

/** In an outage this is the common case, and the one in which people are told that they were signed out. */
function sayLive({ verifiers }: SessionEnd, many = 1): string {
  const { count, reason } = unknownIn(verifiers)
  const away = sayOutages(verifiers)
  const not = many === 1 ? 'This session has not ended' : `None of the ${sayNumber(many)} live sessions has ended`
  const hour = `between ${sayTime(verifiers.window.from)} and ${sayTime(verifiers.window.to)}`
  if (count === 0) {
    return away ? `${not}, though the database did not answer ${away}.` : `${not}, and no answer ${hour} was unknown.`
  }
  const were = count === 1 ? 'answer was' : 'answers were'
  const when = away && reason === 'database_unavailable' ? ` ${away}` : ''
  return `${not}; ${hour} ${sayNumber(count)} ${were} unknown, because ${sayUnknown(reason)}${when}.`
}

const whys: Record<string, string> = {
  database_unavailable: 'the database did not answer',
  access_unreachable: 'access did not answer the application',
  no_keys: 'no public key was at hand',
  too_old: 'what was known was older than the application accepts',
  overloaded: 'too many questions were under way',
}

export function sayUnknown(reason: string | null): string {
  return whys[reason ?? ''] ?? 'of a reason that is not known here'
}

/** `from 10:31 to 10:44 and from 10:50 to 10:51`; null when everything was seen. */
export function sayOutages({ outages }: Verifiers): string | null {
  if (outages.length === 0) return null
  return outages.map(({ from, to }) => `from ${sayTime(from)} to ${sayTime(to)}`).join(' and ')
}

export function unknownIn({ access, applications }: Verifiers): { count: number; reason: string | null } {
  const all = [...access, ...applications.flatMap(({ instances }) => instances)].flatMap(({ verdicts }) => verdicts)
  const unknown = all.filter(({ verdict }) => verdict === 'unknown').toSorted((a, b) => b.count - a.count)
  return { count: sum(unknown), reason: unknown[0]?.reason ?? null }
}

export function sum(verdicts: readonly VerdictCount[]): number {
  return verdicts.reduce((total, { count }) => total + count, 0)
}

/** For the customer: what happened to their session, without our names and machines. Times in UTC, as they live elsewhere. */
export function sayToCustomer(end: SessionEnd): string {
  const lines = [
    `Your session on ${end.device.name} (${sayApplication(end.audience)}) began on ${utc(end.began_at)} and was last used on ${utc(end.last_seen_at)}.`,
    end.ended_at ? `It ended on ${utc(end.ended_at)}. ${toThem(end)}` : notEnded(end),
  ]
  return lines.join('\n')
}

function toThem({ reason, sentence, idle_after_s }: SessionEnd): string {
  if (reason === 'idle')
    return `It had not been used for ${sayDuration(idle_after_s * 1000)}, after which a session ends by itself.`
  return sentence
}

function notEnded({ verifiers }: SessionEnd): string {
  const outage = verifiers.outages[0]
  const { count } = unknownIn(verifiers)
  if (count === 0 && !outage) return 'It has not ended: you were not signed out.'
  const when = outage
    ? `between ${utc(outage.from)} and ${utc(outage.to)}`
    : `between ${utc(verifiers.window.from)} and ${utc(verifiers.window.to)}`
  return `It has not ended: you were not signed out. Our service could not look up sessions for some time ${when}, and you may have been asked to sign in because of that. Your session was kept.`
}

const dayForm = { day: 'numeric', month: 'long' } as const
const timeForm = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

function sayDay(at: string): string {
  const date = new Date(at)
  const isThisYear = date.getFullYear() === new Date().getFullYear()
  const day = date.toLocaleDateString('en-GB', isThisYear ? dayForm : { ...dayForm, year: 'numeric' })
  return `${day} ${sayTime(at)}`
}

export function sayTime(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', timeForm)
}

function utc(at: string): string {
  const date = new Date(at)
  const day = date.toLocaleDateString('en-GB', { ...dayForm, year: 'numeric', timeZone: 'UTC' })
  return `${day}, ${date.toLocaleTimeString('en-GB', { ...timeForm, timeZone: 'UTC' })} UTC`
}
