import { ACCOUNT_AUDIENCE, CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import type { Call } from '../../platform/http/index.ts'
import type { Parts } from './parts.ts'
import { refuse } from './refusals.ts'
import { type ReturnToRules, readReturnTo } from './return-to.ts'

/** Whom a session is for: the app that forwards, the console when it is named, otherwise the pages of ours. */
export function audienceOf(call: Call, asked: string | undefined): string {
  const isPlain = asked === undefined || asked === ''
  if (call.application !== null) {
    if (isPlain || asked === call.application) return call.application
    throw refuse('bad_application')
  }
  if (isPlain || asked === ACCOUNT_AUDIENCE) return ACCOUNT_AUDIENCE
  if (asked === CONSOLE_AUDIENCE) return CONSOLE_AUDIENCE
  throw refuse('bad_application')
}

/** A sign-in ends where it was begun: an app's on its own origin, ours on ours, though they may share a cookie jar. */
export function isHere(call: Call, audience: string): boolean {
  const isOurs = audience === ACCOUNT_AUDIENCE || audience === CONSOLE_AUDIENCE
  return call.application === null ? isOurs : audience === call.application
}

/** Where people go on to, as a whole URL; refuses what is not registered, and names it. */
export function returnToOf(parts: Parts, call: Call, audience: string, asked: string | undefined): string {
  if (asked === undefined || asked === '') return home(call, audience)
  const read = readReturnTo(asked, rulesOf(parts, call))
  if (read.outcome === 'ok') return read.url
  throw refuse('bad_return_to', { origin: printable(read.origin ?? asked) })
}

export const rulesOf = ({ config, applications }: Parts, call: Call): ReturnToRules => ({
  here: call.origin,
  isRegistered: (origin) => origin === config.url || applications.findByOrigin(origin) !== undefined,
})

function home(call: Call, audience: string): string {
  if (audience === CONSOLE_AUDIENCE) return `${call.origin}/console/`
  return audience === ACCOUNT_AUDIENCE ? `${call.origin}/account` : `${call.origin}/`
}

/** The query by which a page of ours is opened again with the same meaning. */
export function querySaying(call: Call, audience: string, returnTo: string): string {
  const query = new URLSearchParams()
  if (audience === CONSOLE_AUDIENCE) query.set('application', audience)
  if (returnTo !== home(call, audience)) query.set('return_to', returnTo)
  return query.size > 0 ? `?${query}` : ''
}

/** What a stranger sent is repeated only in plain, short form. */
const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80)
