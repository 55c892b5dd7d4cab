import { sendRefusal } from './answers.ts'
import { type Exchange, sendAsset, sendJson, sendTo } from './exchange.ts'
import { addNote, deleteNote, showHome, showSignedOut, showWhoAmI } from './notes.ts'
import { deleteOwnNotes, showSettings } from './settings.ts'
import type { Site } from './site.ts'

type Answer = (site: Site, exchange: Exchange) => Promise<void> | void

const routes = new Map<string, Answer>([
  ['GET /', showHome],
  ['GET /healthz', (site, exchange) => sendJson(exchange, 200, { status: 'ok', sdk: site.holdfast.status() })],
  ['GET /settings', showSettings],
  ['GET /signed-out', showSignedOut],
  ['GET /whoami.json', showWhoAmI],
  ['POST /notes', addNote],
  ['POST /settings/delete-notes', deleteOwnNotes],
])

/** Every request to Fieldnotes. */
export async function answerRequest(site: Site, exchange: Exchange): Promise<void> {
  const { request, response, url } = exchange
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  // One address for the app: its cookies and its sign-in belong to it, and `localhost` is another.
  const isElsewhere = request.headers.host !== new URL(site.origin).host
  if (isRead && isElsewhere && url.pathname !== '/healthz') {
    return sendTo(exchange, site.origin + url.pathname + url.search, 307)
  }
  if (await site.auth.handle(request, response)) return

  const asset = isRead && site.assets.get(url.pathname)
  if (asset) return sendAsset(exchange, asset)
  const noteId = /^\/notes\/([0-9a-f-]{36})\/delete$/.exec(url.pathname)?.[1]
  if (request.method === 'POST' && noteId !== undefined) return deleteNote(site, exchange, noteId)
  const answer = routes.get(`${isRead ? 'GET' : request.method} ${url.pathname}`)
  if (answer) return answer(site, exchange)
  const because = 'This page does not exist, or does not any more.'
  sendRefusal(site, exchange, { status: 404, title: 'Nothing here', because })
}
