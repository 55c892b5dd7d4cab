import { type Static, Type } from 'typebox'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { deviceOf } from '../../sessions/index.ts'
import { isHere } from '../audience.ts'
import { knownBrowser } from '../browser.ts'
import { type Email, readEmail } from '../email.ts'
import { languageFor } from '../hosted/language.ts'
import { formTo, mailNotice, pageOf } from '../hosted/page-of.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { startSignIn } from '../start-sign-in.ts'
import { type Arrival, unsealIdentity } from './arrival.ts'
import { type ArrivalProps, arrivalPage } from './pages/arrival-page.ts'
import * as queries from './queries.ts'

export const ARRIVAL_PATH = '/sign-in/arrival'
export const ArrivalForm = Type.Object({ email: Type.Optional(Type.String({ maxLength: 4096 })) })

/** `GET /sign-in/arrival`: the provider gave no address, or the person wants to give another. */
export async function showArrival(parts: Parts, call: Call): Promise<Answer> {
  const arrival = await arrivalHere(parts, call)
  return arrivalPageOf(parts, call, arrival, { email: addressOf(parts, arrival) })
}

/** `POST /sign-in/arrival`: sends the code, whatever the address. */
export async function postArrival(parts: Parts, call: Call<Static<typeof ArrivalForm>>): Promise<Answer> {
  const arrival = await arrivalHere(parts, call)
  const typed = call.body.email ?? ''
  const read = readEmail(typed)
  if (read.outcome !== 'ok') return arrivalPageOf(parts, call, arrival, { email: typed, error: read.outcome })
  return mailCode(parts, call, arrival, read.email)
}

/** Mails the code that joins; it says to its reader what it joins. */
export async function mailCode(
  parts: Parts,
  call: Call,
  arrival: Pick<Arrival, 'id' | 'provider_id' | 'browser_digest' | 'audience' | 'return_to'>,
  email: Email,
): Promise<Answer> {
  const provider = parts.providers.find(arrival.provider_id)
  if (!provider) throw refuse('provider_not_offered')
  await startSignIn(parts, {
    email,
    purpose: 'sign-in',
    browser: { digest: arrival.browser_digest, isNew: false },
    audience: arrival.audience,
    returnTo: arrival.return_to,
    device: deviceOf(call.headers, call.address),
    pagesUrl: `${call.origin}${call.prefix}`,
    language: languageFor(call),
    arrival: { id: arrival.id, provider: provider.name },
  })
  return redirect(`${call.prefix}/sign-in/code`)
}

/** What the page for a code says of where the person comes from; null: they have come from nowhere. */
export async function arrivedFrom(parts: Parts, arrivalId: string | null): Promise<string | null> {
  const arrival = arrivalId === null ? undefined : await queries.findArrival(parts.db, arrivalId)
  return (arrival && parts.providers.find(arrival.provider_id)?.name) ?? null
}

async function arrivalHere(parts: Parts, call: Call): Promise<Arrival> {
  const browser = knownBrowser(call)
  const arrival = browser && (await queries.newestArrival(parts.db, browser, parts.clock.now()))
  if (!arrival || !isHere(call, arrival.audience)) throw refuse('arrival_over')
  return arrival
}

const addressOf = (parts: Parts, { identity_sealed }: Arrival) => {
  const read = readEmail(unsealIdentity(parts.secret, identity_sealed).email ?? '')
  return read.outcome === 'ok' ? read.email.address : ''
}

function arrivalPageOf(
  parts: Parts,
  call: Call,
  arrival: Arrival,
  entry: Pick<ArrivalProps, 'email' | 'error'>,
): Answer {
  const provider = parts.providers.find(arrival.provider_id)
  if (!provider) throw refuse('provider_not_offered')
  const view = pageOf(parts, call)
  const form = formTo(ARRIVAL_PATH)
  const props = { name: provider.name, form, notice: mailNotice(parts, view), ...entry }
  return page(entry.error ? 400 : 200, arrivalPage(view, props))
}
