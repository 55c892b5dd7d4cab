import { type Static, Type } from 'typebox'
import { byCaller } from '../../../ground/audit/index.ts'
import { type Answer, type Call, json, Time } from '../../../platform/http/index.ts'
import { once } from '../../../platform/idempotency.ts'
import { assertMayChangeWaysOf } from '../accounts/protect-staff.ts'
import { browserOf, knownBrowser } from '../browser.ts'
import { type Email, readEmail } from '../email.ts'
import { languageFor } from '../hosted/language.ts'
import type { Parts } from '../parts.ts'
import { assertStrongest } from '../passkeys/strongest.ts'
import { refuse } from '../refusals.ts'
import { confirmByCode } from './confirm-change.ts'
import { startChange } from './start-change.ts'

export const NewEmail = Type.Object(
  {
    email: Type.String({
      maxLength: 1000,
      description: 'The new address. It is used from the moment on at which it is proven.',
      examples: ['ana@new.example'],
    }),
  },
  { additionalProperties: false },
)
const ChangeId = { description: 'The change that was begun.', examples: ['emc_01jd7s3b4g8t'] }
export const ChangeIdParam = Type.Object({ id: Type.String({ maxLength: 64, ...ChangeId }) })
export const ChangeBegun = Type.Object(
  { id: Type.String(ChangeId), expires_at: Time('Until when it can be proven.') },
  { description: 'The same for every address. The mails go out after this answer.' },
)
export const ConfirmEmail = Type.Object(
  {
    code: Type.String({
      maxLength: 64,
      description: 'The six digits of the mail to the new address; spaces do no harm.',
      examples: ['482913'],
    }),
  },
  { additionalProperties: false },
)
export const EmailChanged = Type.Object(
  { email: Type.String({ description: 'The address of the account from now on.', examples: ['ana@new.example'] }) },
  { description: 'Every other session has ended, and both addresses are told.' },
)

/** `POST /v1/account/email-changes`: the person themselves. */
export async function startOwnChange(parts: Parts, call: Call<Static<typeof NewEmail>>): Promise<Answer> {
  const { id: userId, sessionId } = call.actor!
  await assertStrongest(parts, call.actor!)
  const browser = browserOf(call)
  let tell = () => {}
  const answer = await once(parts, call, async (db) => {
    const started = await startChange(parts, db, {
      userId,
      by: byCaller(call),
      email: emailOf(call),
      proof: 'code',
      browserDigest: browser.digest,
      sessionId,
      pagesUrl: `${call.origin}${call.prefix}`,
      language: languageFor(call),
    })
    tell = started.tell
    return json(202, { id: started.change.id, expires_at: started.change.expires_at })
  })
  tell()
  return { ...answer, cookies: browser.cookies }
}

/** `POST /v1/account/email-changes/{id}/confirmations`: only in the browser and the session that began it. */
export async function confirmOwnChange(
  parts: Parts,
  call: Call<Static<typeof ConfirmEmail>, unknown, { id: string }>,
): Promise<Answer> {
  const confirmed = await confirmByCode(parts, call, {
    changeId: call.params.id,
    actor: call.actor!,
    code: call.body.code,
    browserDigest: knownBrowser(call),
  })
  switch (confirmed.outcome) {
    case 'changed': {
      const { cookies } = await parts.sessions.refresh(call)
      return json(200, { email: confirmed.user.email }, { cookies })
    }
    case 'wrong':
      throw refuse('wrong_code', { attempts_left: confirmed.attemptsLeft })
    case 'malformed':
      throw refuse('bad_code')
    case 'expired':
      throw refuse('change_expired')
    case 'spent':
      throw refuse('too_many_attempts')
    case 'other-browser':
      throw refuse('other_browser')
  }
}

/** `POST /v1/users/{id}/email-changes`: by staff. The new mailbox proves it by a link, the old one may refuse it. */
export async function startChangeFor(
  parts: Parts,
  call: Call<Static<typeof NewEmail>, unknown, { id: string }>,
): Promise<Answer> {
  let tell = () => {}
  const answer = await once(parts, call, async (db) => {
    await assertMayChangeWaysOf(db, call, { userId: call.params.id, path: '/account/email' })
    const started = await startChange(parts, db, {
      userId: call.params.id,
      by: byCaller(call),
      email: emailOf(call),
      proof: 'link',
      browserDigest: null,
      sessionId: null,
      pagesUrl: parts.config.url,
      language: undefined,
    })
    // Staff can look it up anyway, and have to know that it will come to nothing.
    if (!started.change.is_possible) throw refuse('email_taken')
    tell = started.tell
    return json(202, { id: started.change.id, expires_at: started.change.expires_at })
  })
  tell()
  return answer
}

function emailOf(call: Call<Static<typeof NewEmail>>): Email {
  const read = readEmail(call.body.email)
  if (read.outcome !== 'ok') throw refuse('bad_email')
  return read.email
}
