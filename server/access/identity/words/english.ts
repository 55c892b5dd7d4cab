import { account } from './english/account.ts'
import { accountLife } from './english/account-life.ts'
import { breakGlass } from './english/break-glass.ts'
import { code } from './english/code.ts'
import { ago, common, device, span } from './english/on-every-page.ts'
import { emailChange } from './english/email-change.ts'
import { ended } from './english/ended.ts'
import { enrol } from './english/enrol.ts'
import { impersonation } from './english/impersonation.ts'
import { link } from './english/link.ts'
import { mailbox } from './english/mailbox.ts'
import { mails } from './english/mails.ts'
import { failOver } from './english/fail-over.ts'
import { federation } from './english/federation.ts'
import { handOver } from './english/hand-over.ts'
import { invitation, organizations } from './english/organizations.ts'
import { refusals, tooMany, unavailable } from './english/problems.ts'
import { passkeys } from './english/passkeys.ts'
import { reasons } from './english/reasons.ts'
import { rescue } from './english/rescue.ts'
import { signIn } from './english/sign-in.ts'
import { signOut } from './english/sign-out.ts'
import type { Sentences } from './sentences.ts'

/** Every text of the hosted pages and the mails, in English; a topic is a file. The voice: what is, since when, what to do. */
export const english = {
  language: 'en',
  /** What those who speak it call it. */
  name: 'English',
  /** How dates and numbers are written; the time zone is the reader's own. */
  formatting: 'en-GB',
  common,
  ago,
  span,
  device,
  signIn,
  code,
  link,
  account,
  accountLife,
  emailChange,
  signOut,
  enrol,
  ended,
  impersonation,
  breakGlass,
  rescue,
  passkeys,
  federation,
  handOver,
  failOver,
  invitation,
  organizations,
  unavailable,
  tooMany,
  refusals,
  mailbox,
  reasons,
  /** Refusals in other words than the API's own; null: those. */
  sentences: null as Sentences | null,
  mails,
}
