import { isFailure } from '../api/failure.ts'
import { hosted } from '../paths.ts'

/** A second "not signed in" this soon after sign-in means that the cookie does not arrive; going again would circle. */
const ONCE_IN_MS = 20_000
const SENT_AT = 'holdfast.sent-to-sign-in-at'

/** Sends the reader to sign-in when access has said that there is no session: never for an outage, and once only. */
export function goToSignInWhenSignedOut(failure: Error) {
  if (!isFailure(failure, 'signed-out')) return
  const sentAt = Number(sessionStorage.getItem(SENT_AT) ?? 0)
  if (Date.now() - sentAt < ONCE_IN_MS) return
  sessionStorage.setItem(SENT_AT, String(Date.now()))
  location.assign(hosted.signIn(location.pathname + location.search))
}
