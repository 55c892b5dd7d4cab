import { type Static, Type } from 'typebox'
import { callers } from '../../../ground/documentation/index.ts'
import {
  type Answer,
  type Call,
  json,
  on,
  orNull,
  ProblemShape,
  type Route,
  Time,
} from '../../../platform/http/index.ts'
import { Verified } from '../api.ts'
import { CODES_IN_SET } from '../break-glass/code.ts'
import { readEmail } from '../email.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import {
  postRecoveryCodes,
  postUseCode,
  RecoveryForm,
  RecoveryQuery,
  showRecoveryCodes,
  showUseCode,
} from './hosted.ts'
import { recoveryCodesOf, makeRecoveryCodes } from './make-codes.ts'
import { useRecoveryCode } from './use-code.ts'

const CODE = '7Q4K-2MXB-9D8H-TR3F'
const Made = Type.Object({
  codes: Type.Array(Type.String({ examples: [CODE] }), {
    description: 'Told this once: print them, or put them where only you get at them. Each works once.',
  }),
})
const Left = Type.Object({
  left: Type.Integer({ description: `How many of ${CODES_IN_SET} were not used yet.`, examples: [9] }),
  made_at: orNull(Time('When they were made; null: there are none.')),
})
const UseCode = Type.Object(
  {
    email: Type.String({
      maxLength: 1000,
      description: 'Whose code it is. The answer does not tell whether there is an account.',
      examples: ['ana@acme.example'],
    }),
    code: Type.String({
      maxLength: 200,
      description: 'As it is printed; case, spaces and dashes do no harm.',
      examples: [CODE],
    }),
    return_to: Type.Optional(
      Type.String({
        maxLength: 4096,
        description: 'Where the sign-in leads: a path, or a page of a registered application.',
        examples: ['/account'],
      }),
    ),
  },
  { additionalProperties: false },
)

/** The HTTP face of recovery codes. */
export function recoveryCodeRoutes(parts: Parts): Route[] {
  const { guards } = parts.sessions
  const tag = 'sign-in methods'
  return [
    on(
      'GET /v1/account/recovery-codes',
      { tag, summary: 'How many recovery codes are left', guard: guards.person, answers: { 200: Left } },
      async (call) => json(200, await recoveryCodesOf(parts, call.actor!.id)),
    ),
    on(
      'POST /v1/account/recovery-codes',
      {
        tag,
        summary: 'Make ten recovery codes',
        description:
          'Needs a sign-in within the last ten minutes, by the strongest method of the account. The set before is void.',
        guard: guards.freshPersonAlone(),
        answers: { 201: Made, 403: ProblemShape },
      },
      async (call) => json(201, { codes: await makeRecoveryCodes(parts, call) }),
    ),
    on(
      'POST /v1/sign-in/recovery-code',
      {
        tag: 'sign-in',
        summary: 'Sign in by a recovery code',
        description: 'A wrong code, a used one and an unknown address get the same answer.',
        security: callers.startingBrowser.security,
        body: UseCode,
        answers: { 200: Verified, 400: ProblemShape, 429: ProblemShape },
      },
      (call) => signInByRecoveryCode(parts, call),
    ),
    ...pages(parts),
  ]
}

function pages(parts: Parts): Route[] {
  const frame = { tag: 'pages', kind: 'page' } as const
  return [
    on('GET /account/recovery-codes', { ...frame, summary: 'How many recovery codes are left' }, (call) =>
      showRecoveryCodes(parts, call),
    ),
    on('POST /account/recovery-codes', { ...frame, summary: 'Make ten recovery codes' }, (call) =>
      postRecoveryCodes(parts, call),
    ),
    on(
      'GET /sign-in/recovery-code',
      { ...frame, summary: 'Sign in by a recovery code', query: RecoveryQuery },
      (call) => showUseCode(parts, call),
    ),
    on('POST /sign-in/recovery-code', { ...frame, summary: 'Use a recovery code', body: RecoveryForm }, (call) =>
      postUseCode(parts, call),
    ),
  ]
}

async function signInByRecoveryCode(parts: Parts, call: Call<Static<typeof UseCode>>): Promise<Answer> {
  const { email, code, return_to: returnTo } = call.body
  const read = readEmail(email)
  if (read.outcome !== 'ok') throw refuse('bad_email')
  const used = await useRecoveryCode(parts, call, { email: read.email, code, returnTo })
  if (used.outcome === 'wrong') throw refuse('wrong_recovery_code')
  if (used.outcome === 'used') throw refuse('wrong_recovery_code')
  if (used.outcome === 'deleting') throw refuse('deleting')
  const { session, challenge, cookies } = used.signedIn
  return json(200, { verdict: 'valid', session, user: session.user, return_to: challenge.return_to }, { cookies })
}
