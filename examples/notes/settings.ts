import type { SignedIn, VerifyOptions } from '@holdfast/sdk'
import { change, sendRefusal, sendUnknown } from './answers.ts'
import { type Exchange, sendPage, sendTo } from './exchange.ts'
import { settingsPage } from './pages/settings-page.ts'
import type { Site } from './site.ts'
import { describe, saidOf } from './who-am-i.ts'

/** Known now, and signed in within five minutes: for what cannot be undone. */
const FRESH: VerifyOptions = { fresh: true, maxAuthAgeMs: 5 * 60_000 }

/** `GET /settings`: whoever signed in too long ago is sent to do it once more, and comes back. */
export function showSettings(site: Site, exchange: Exchange): Promise<void> {
  const guarded = site.auth.protect(
    { ...FRESH, onUnknown: (_request, _response, answer) => sendUnknown(site, exchange, answer.reason) },
    (_request, _response, answer) => sendSettings(site, exchange, answer),
  )
  return guarded(exchange.request, exchange.response)
}

/** `POST /settings/delete-notes` */
export function deleteOwnNotes(site: Site, exchange: Exchange): Promise<void> {
  return change(
    site,
    exchange,
    async (answer, form) => {
      // The page itself sends on to sign in once more.
      if (answer.needsFreshSignIn) return sendTo(exchange, '/settings')
      if (form.get('confirm')?.trim().toLowerCase() !== 'delete') {
        const because = 'The word “delete” was not typed.'
        return sendRefusal(site, exchange, { status: 400, title: 'Nothing was deleted', because })
      }
      const deleted = await site.notebook.removeAllOf(answer.session.user.id)
      sendTo(exchange, `/settings?deleted=${deleted}`)
    },
    FRESH,
  )
}

function sendSettings(site: Site, exchange: Exchange, answer: SignedIn): void {
  const { user } = answer.session
  const count = exchange.url.searchParams.get('deleted')
  const content = settingsPage({
    who: describe(answer, site.holdfast),
    email: user.email,
    ownNotes: site.notebook.all().filter((note) => note.author.id === user.id).length,
    deleted: count !== null && /^\d{1,4}$/.test(count) ? Number(count) : undefined,
  })
  const page = site.page({ title: 'Settings · Fieldnotes', ...saidOf(answer.session), isLive: true }, content)
  sendPage(exchange, 200, page)
}
