import type { SessionAnswer } from '@holdfast/sdk'
import { change, sendUnknown } from './answers.ts'
import { type Exchange, sendJson, sendPage, sendTo } from './exchange.ts'
import { NOTE_CHARACTERS_MAX } from './notebook.ts'
import { landingPage } from './pages/landing-page.ts'
import { signedOutPage } from './pages/message-page.ts'
import { type NotesProps, notesPage } from './pages/notes-page.ts'
import { type Site, verify } from './site.ts'
import { describe, nameOf, saidOf, signedOutPath } from './who-am-i.ts'

/** Reasons that say that a session was there and has ended; the others say that there never was one to speak of. */
const ENDINGS = new Set<string>([
  'signed_out',
  'signed_out_elsewhere',
  'signed_out_everywhere',
  'revoked',
  'replaced',
  'idle',
  'expired',
  'blocked',
  'account_deleted',
  'email_changed',
  'restored',
  'impersonation_ended',
  'failover_ended',
])

/** `GET /`: the notes for who is signed in, and for others what this is. */
export async function showHome(site: Site, exchange: Exchange): Promise<void> {
  const answer = await verify(site, exchange)
  if (answer.verdict === 'valid') return showNotes(site, exchange, answer)
  if (answer.verdict === 'unknown') return sendUnknown(site, exchange, answer.reason)
  if (ENDINGS.has(answer.reason)) return sendTo(exchange, signedOutPath(answer))
  const isStranger = answer.reason === 'no_session'
  const because = isStranger ? undefined : 'The session in this browser is not one of ours any more.'
  sendPage(exchange, 200, site.page({ title: 'Fieldnotes' }, landingPage({ signInUrl: site.signInUrl, because })))
}

/** `GET /whoami.json`: the panel's own question, once a second. */
export async function showWhoAmI(site: Site, exchange: Exchange): Promise<void> {
  sendJson(exchange, 200, describe(await verify(site, exchange), site.holdfast))
}

/** `GET /signed-out`: why. */
export function showSignedOut(site: Site, exchange: Exchange): void {
  const { searchParams } = exchange.url
  const said = { reason: searchParams.get('reason'), at: searchParams.get('at'), signInUrl: site.signInUrl }
  sendPage(exchange, 200, site.page({ title: 'Signed out · Fieldnotes', isLive: true }, signedOutPage(said)))
}

/** `POST /notes` */
export function addNote(site: Site, exchange: Exchange): Promise<void> {
  return change(site, exchange, async (answer, form) => {
    const text = form.get('text') ?? ''
    const { user } = answer.session
    const { outcome } = await site.notebook.add({ id: user.id, name: nameOf(user) }, text)
    if (outcome === 'added') return sendTo(exchange, '/')
    const why = {
      empty: 'A note needs at least one word.',
      'too-long': `A note has ${NOTE_CHARACTERS_MAX} characters at most. Make two of it.`,
      full: 'The notebook is full. Delete some of your notes first.',
    }[outcome]
    showNotes(site, exchange, answer, { text, why })
  })
}

/** `POST /notes/{id}/delete`: gone already is as good as gone. */
export function deleteNote(site: Site, exchange: Exchange, id: string): Promise<void> {
  return change(site, exchange, async (answer) => {
    await site.notebook.remove(answer.session.user.id, id)
    sendTo(exchange, '/')
  })
}

function showNotes(
  site: Site,
  exchange: Exchange,
  answer: SessionAnswer & { verdict: 'valid' },
  refused?: NotesProps['refused'],
): void {
  const { user } = answer.session
  const who = describe(answer, site.holdfast)
  const content = notesPage({ notes: site.notebook.all(), userId: user.id, who, refused })
  const page = site.page({ title: 'Fieldnotes', ...saidOf(answer.session), isLive: true }, content)
  sendPage(exchange, refused ? 400 : 200, page)
}
