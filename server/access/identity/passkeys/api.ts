import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import { type Answer, type Call, empty, json } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { beginEnrolment, finishEnrolment } from './enrol.ts'
import { confirmPasskey, listPasskeys, removePasskey, removePasskeyOf, renamePasskey } from './keep.ts'
import { type Enrol, type NewName, passkeyShown, type Shown } from './shapes.ts'
import { beginPasskeySignIn, finishPasskeySignIn } from './sign-in.ts'

export const BeginSignIn = Type.Object(
  {
    purpose: Type.Optional(
      Type.Union([Type.Literal('sign-in'), Type.Literal('step-up')], {
        description: '`step-up`: whoever is signed in proves it again, by a passkey of theirs.',
        examples: ['sign-in'],
      }),
    ),
    application: Type.Optional(
      Type.String({ maxLength: 100, description: '`console`, or nothing: the account pages.', examples: ['console'] }),
    ),
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
export const EndOthers = Type.Object({
  end_other_sessions: Type.Optional(
    Type.Boolean({ description: 'Ends every other session of the person as well.', examples: [true] }),
  ),
})

/** `POST /v1/sign-in/passkey`: names no credential, and tells nobody who has an account. */
export async function beginByPasskey(parts: Parts, call: Call<Static<typeof BeginSignIn>>): Promise<Answer> {
  const { purpose = 'sign-in', application, return_to: returnTo } = call.body
  const { options, expiresAt, cookies } = await beginPasskeySignIn(parts, call, { purpose, application, returnTo })
  return json(200, { options, expires_at: expiresAt.toISOString() }, { cookies })
}

/** `POST /v1/sign-in/passkey/verify`: only in the browser that began it. */
export async function verifyByPasskey(parts: Parts, call: Call<Static<typeof Shown>>): Promise<Answer> {
  const done = await finishPasskeySignIn(parts, call, call.body as AuthenticationResponseJSON)
  if (done.outcome === 'used') throw refuse('passkey_challenge_used')
  if (done.outcome === 'deleting') throw refuse('deleting')
  const { session, challenge, cookies } = done.signedIn
  return json(200, { verdict: 'valid', session, user: session.user, return_to: challenge.return_to }, { cookies })
}

/** `POST /v1/account/passkey-enrolments`. */
export async function beginOwnPasskey(parts: Parts, call: Call): Promise<Answer> {
  const { options, expiresAt, cookies } = await beginEnrolment(parts, call)
  return json(200, { options, expires_at: expiresAt.toISOString() }, { cookies })
}

/** `POST /v1/account/passkeys`. */
export async function enrolOwnPasskey(parts: Parts, call: Call<Static<typeof Enrol>>): Promise<Answer> {
  const { name, response } = call.body
  const passkey = await finishEnrolment(parts, call, { name, response: response as RegistrationResponseJSON })
  return json(201, passkeyShown(passkey))
}

/** `GET /v1/account/passkeys`. */
export async function listOwnPasskeys(parts: Parts, call: Call): Promise<Answer> {
  const passkeys = await listPasskeys(parts, call.actor!.id)
  return json(200, { data: passkeys.map(passkeyShown), next_cursor: null })
}

/** `PATCH /v1/account/passkeys/{id}`. */
export async function renameOwnPasskey(
  parts: Parts,
  call: Call<Static<typeof NewName>, unknown, { id: string }>,
): Promise<Answer> {
  return json(200, passkeyShown(await renamePasskey(parts, call, { id: call.params.id, name: call.body.name })))
}

/** `PUT /v1/account/passkeys/{id}/confirmation`. */
export async function confirmOwnPasskey(parts: Parts, call: Call<unknown, unknown, { id: string }>): Promise<Answer> {
  return json(200, passkeyShown(await confirmPasskey(parts, call, call.params.id)))
}

/** `DELETE /v1/account/passkeys/{id}`. */
export async function removeOwnPasskey(
  parts: Parts,
  call: Call<unknown, Static<typeof EndOthers>, { id: string }>,
): Promise<Answer> {
  await removePasskey(parts, call, { id: call.params.id, endsOthers: call.query.end_other_sessions === true })
  return empty(204)
}

/** `DELETE /v1/users/{id}/passkeys/{passkey_id}`: by staff. */
export async function removePasskeyFor(
  parts: Parts,
  call: Call<unknown, unknown, { id: string; passkey_id: string }>,
): Promise<Answer> {
  await removePasskeyOf(parts, call, { userId: call.params.id, id: call.params.passkey_id })
  return empty(204)
}
