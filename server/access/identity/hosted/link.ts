import { type Static, Type } from 'typebox'
import { type Answer, type Call, page, redirect } from '../../../platform/http/index.ts'
import { askToKeep } from '../accounts/hosted.ts'
import { knownBrowser } from '../browser.ts'
import { followLink, type LinkSeen, lookAtLink } from '../follow-link.ts'
import { linkElsewherePage, linkOnlyPage, linkReadyPage, linkSpentPage } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { wayOn } from '../passkeys/offer.ts'
import { enrolled } from './enrol.ts'
import { formTo, pageOf } from './page-of.ts'
import { throughOutage } from './through-outage.ts'

export const LinkToken = Type.Object({ token: Type.String({ maxLength: 200 }) })
export const LinkForm = Type.Object({
  return_to: Type.Optional(Type.String({ maxLength: 4096 })),
  // Said by the script: this browser can have passkeys.
  passkeys: Type.Optional(Type.String({ maxLength: 3 })),
})
type LinkCall<Body = unknown> = Call<Body, unknown, { token: string }>

/** `GET /sign-in/link/{token}`: consumes nothing, however often and by whomever it is opened. */
export async function showLink(parts: Parts, call: LinkCall): Promise<Answer> {
  return linkPageOf(parts, call, await lookAtLink(parts, call, followed(call)))
}

/** `POST /sign-in/link/{token}`: the button on that page. */
export function postLink(parts: Parts, call: LinkCall<Static<typeof LinkForm>>): Promise<Answer> {
  return throughOutage(parts, call, () => answerLink(parts, call))
}

async function answerLink(parts: Parts, call: LinkCall<Static<typeof LinkForm>>): Promise<Answer> {
  const result = await followLink(parts, call, followed(call))
  if (result.outcome === 'deleting') return askToKeep(parts, call, result)
  if (result.outcome !== 'signed-in') return linkPageOf(parts, call, result)
  const { challenge, cookies, user } = result.signedIn
  if (challenge.purpose === 'enrol') return page(200, enrolled(parts, call, user), { cookies })
  return redirect(await wayOn(parts, call, result.signedIn, call.body.passkeys === 'yes'), { cookies })
}

const followed = (call: LinkCall) => ({ token: call.params.token, browserDigest: knownBrowser(call) })

function linkPageOf(parts: Parts, call: LinkCall, seen: LinkSeen): Answer {
  const view = pageOf(parts, call)
  if (seen.outcome === 'ready') {
    const { email, return_to } = seen.challenge
    const form = formTo(`/sign-in/link/${call.params.token}`, { return_to })
    return page(200, linkReadyPage(view, { email, form }), { formActions: [new URL(return_to).origin] })
  }
  if (seen.outcome === 'elsewhere') {
    const { device_name: device, created_at: startedAt, expires_at: expiresAt } = seen.challenge
    const { host } = new URL(call.origin)
    const { code } = seen
    if (code === null) return page(200, linkOnlyPage(view, { device, startedAt }))
    return page(200, linkElsewherePage(view, { code, device, startedAt, expiresAt, host }))
  }
  const status = seen.outcome === 'unknown' ? 404 : 410
  return page(status, linkSpentPage(view, { why: seen.outcome, againPath: '/sign-in' }))
}
