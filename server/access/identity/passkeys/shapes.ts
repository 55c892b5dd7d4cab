import { type Static, type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { orNull, Time } from '../../../platform/http/index.ts'
import type { Passkey } from './passkey.ts'

/** What an authenticator says; longer things are none of ours (a credential id has 1 023 bytes at most). */
const bytes = (maxLength: number, description: string, example: string) =>
  Type.String({ maxLength, description, examples: [example] })
const CredentialId = bytes(1400, 'The name of the credential, base64url.', 'cHNrLW9mLWFuYQ')
const ClientData = bytes(8192, 'As the browser gave it, base64url.', 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0')
const AuthenticatorData = bytes(8192, 'As the authenticator gave it, base64url.', 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLH')
const SIGNATURE = 'MEUCIQDx'
const KEY_TYPE = Type.Literal('public-key', { description: 'The only one there is.' })
const Extensions = Type.Optional(
  Type.Record(Type.String({ maxLength: 100 }), Type.Any(), { description: 'Not looked at.', examples: [{}] }),
)

/** What `navigator.credentials.create(…)` gives, by its `toJSON()`. */
export const Made = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: KEY_TYPE,
    response: Type.Object(
      {
        clientDataJSON: ClientData,
        attestationObject: bytes(65_536, 'As the authenticator gave it, base64url.', 'o2NmbXRkbm9uZQ'),
        transports: Type.Optional(
          Type.Array(Type.String({ maxLength: 32 }), {
            maxItems: 16,
            description: 'How the authenticator is reached.',
            examples: [['internal']],
          }),
        ),
      },
      { additionalProperties: true, description: 'What the authenticator made.' },
    ),
    clientExtensionResults: Extensions,
  },
  { additionalProperties: true, description: '`PublicKeyCredential.toJSON()` of `navigator.credentials.create()`.' },
)

/** What `navigator.credentials.get(…)` gives, by its `toJSON()`. */
export const Shown = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: KEY_TYPE,
    response: Type.Object(
      {
        clientDataJSON: ClientData,
        authenticatorData: AuthenticatorData,
        signature: bytes(8192, 'Over both of them, base64url.', SIGNATURE),
        userHandle: Type.Optional(bytes(200, 'Whose credential it is, base64url.', 'dXNyXzAxamQ3czV4OHIzdw')),
      },
      { additionalProperties: true, description: 'What the authenticator signed.' },
    ),
    clientExtensionResults: Extensions,
  },
  { additionalProperties: true, description: '`PublicKeyCredential.toJSON()` of `navigator.credentials.get()`.' },
)

const Options = (name: string) =>
  Type.Record(Type.String(), Type.Any(), {
    description: `For \`PublicKeyCredential.${name}()\`; its shape is WebAuthn’s. The challenge in it is good once, in this browser.`,
    examples: [{ challenge: 'q2Zk9xkpXzYV0R8cEOZ3hI8o1mZbW7pQvN5tJg6sKdE', rpId: 'sign-in.acme.example' }],
  })
const Until = Time('Until when it can be answered. A page that stays open begins again before.')
export const ShowingBegun = Type.Object(
  { options: Options('parseRequestOptionsFromJSON'), expires_at: Until },
  { description: 'What the authenticator is asked for.' },
)
export const EnrolmentBegun = Type.Object(
  { options: Options('parseCreationOptionsFromJSON'), expires_at: Until },
  { description: 'What the authenticator is asked for.' },
)

const Id = { description: 'The passkey.', examples: ['psk_01jd7s3b4g8t'] }
export const PasskeyId = Type.Object({ id: Type.String({ maxLength: 64, ...Id }) })
export const PasskeyOfUser = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The person.', examples: ['usr_01jd7s5x8r3w'] }),
  passkey_id: Type.String({ maxLength: 64, ...Id }),
})
const Name = { description: 'What its owner calls it.', examples: ['Ana’s phone'] }
export const PasskeyShape = Type.Object(
  {
    id: Type.String(Id),
    name: Type.String(Name),
    is_synced: Type.Boolean({
      description:
        'It may be copied to other devices by the password manager that keeps it; otherwise it never leaves its device.',
    }),
    is_backed_up: Type.Boolean({ description: 'Its keeper had a copy of it when it was last used.' }),
    is_confirmed: Type.Boolean({
      description: 'False: it came back from a backup, and opens nothing until its owner says that it is still theirs.',
    }),
    is_copied: Type.Boolean({
      description:
        'True: its counter went back, as that of a copy would. It opens nothing any more, and should be removed.',
    }),
    created_at: Time('When it was enrolled.'),
    last_used_at: orNull(Time('When it last signed in; null: never.')),
  },
  { description: 'A passkey. Nothing of its key is told.' },
)
export const Passkeys = Type.Object({
  data: Type.Array(PasskeyShape, { description: 'In the order in which they were enrolled; 20 at most.' }),
  next_cursor: Type.Null({ description: 'There is never a next page.' }),
})
export const NewName = Type.Object({ name: Type.String({ maxLength: 1000, ...Name }) }, { additionalProperties: false })
export const Enrol = Type.Object(
  { name: Type.String({ maxLength: 1000, ...Name }), response: Made },
  { additionalProperties: false },
)

export const passkeyShown = (passkey: Passkey): Static<typeof PasskeyShape> => ({
  id: passkey.id,
  name: passkey.name,
  is_synced: passkey.is_multi_device,
  is_backed_up: passkey.is_backed_up,
  is_confirmed: passkey.unconfirmed_since === null,
  is_copied: passkey.copied_at !== null,
  created_at: passkey.created_at.toISOString(),
  last_used_at: passkey.last_used_at?.toISOString() ?? null,
})

/** What a form carried as text, held to the shape that the API asks for. */
export const isShaped = (shape: TSchema, value: unknown): boolean => Value.Check(shape, value)
