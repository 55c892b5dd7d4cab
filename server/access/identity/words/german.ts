import { account } from './german/account.ts'
import { accountLife } from './german/account-life.ts'
import { breakGlass } from './german/break-glass.ts'
import { code } from './german/code.ts'
import { ago, common, device, span } from './german/on-every-page.ts'
import { emailChange } from './german/email-change.ts'
import { ended } from './german/ended.ts'
import { enrol } from './german/enrol.ts'
import { impersonation } from './german/impersonation.ts'
import { link } from './german/link.ts'
import { mailbox } from './german/mailbox.ts'
import { mails } from './german/mails.ts'
import { failOver } from './german/fail-over.ts'
import { federation } from './german/federation.ts'
import { handOver } from './german/hand-over.ts'
import { invitation, organizations } from './german/organizations.ts'
import { refusals, tooMany, unavailable } from './german/problems.ts'
import { passkeys } from './german/passkeys.ts'
import { reasons } from './german/reasons.ts'
import { rescue } from './german/rescue.ts'
import { sentences } from './german/refusals.ts'
import { signIn } from './german/sign-in.ts'
import { signOut } from './german/sign-out.ts'
import type { Words } from './words.ts'

/** Every text of the hosted pages and the mails, in German: plain and exact, „Sie“, no English where a German word is common. */
export const german: Words = {
  language: 'de',
  name: 'Deutsch',
  formatting: 'de-DE',
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
  sentences,
  mails,
}
