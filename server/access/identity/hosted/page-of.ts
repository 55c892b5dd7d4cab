import type { Call } from '../../../platform/http/index.ts'
import { CONSOLE_AUDIENCE } from '../../../ground/applications/index.ts'
import { brandOf } from '../brand.ts'
import { actingOf } from '../impersonation/acting.ts'
import { type Form, moment, type Notice, type Page } from '../pages/index.ts'
import type { Parts } from '../parts.ts'
import { wordsFor } from '../words/words.ts'
import { pathToReopen } from './again.ts'
import { languageFor } from './language.ts'

/** What every view is handed, as this call means it. */
export function pageOf(
  parts: Parts,
  call: Call,
  reader: { locale?: string | null; time_zone?: string | null } = {},
): Page {
  return {
    words: wordsFor(languageFor(call, reader.locale)),
    brand: brandOf(parts, call.application ?? ''),
    link: (path) => `${call.prefix}${path}`,
    path: pathToReopen(call),
    acting: actingOf(call),
    now: parts.clock.now(),
    zone: reader.time_zone ?? null,
  }
}

/** Who waits for a mail is told when none can come. */
export function mailNotice(parts: Parts, page: Page): Notice | null {
  const since = parts.mailer.awaySince()
  return since && { state: 'failing', text: page.words.signIn.mailAway(moment(page, since)) }
}

/** A form of ours; what is empty is not carried. */
export function formTo(path: string, hidden: Record<string, string | undefined> = {}): Form {
  const carried = Object.entries(hidden).filter((field): field is [string, string] => Boolean(field[1]))
  return { path, hidden: Object.fromEntries(carried) }
}

/** Only the console has to be named in a form; everything else is known from the call. */
export const namedAudience = (audience: string) => (audience === CONSOLE_AUDIENCE ? audience : undefined)
