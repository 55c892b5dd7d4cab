import { Type } from 'typebox'
import { orNull, Time } from '../../../platform/http/index.ts'
import { handOvers, REASON, rescueStates, type stateOf } from './rescue.ts'

const text = (description: string, example: string) => Type.String({ description, examples: [example] })
const HandOver = Type.Union(
  handOvers.map((each) => Type.Literal(each)),
  {
    description:
      '`mail`: the code goes to the person’s proven address, and you do not see it. `voice`: you are told it once, and read it to whoever you have called back at a number you knew before.',
    examples: ['voice'],
  },
)
export const Rescue = Type.Object(
  {
    id: text('Of the rescue.', 'rsc_01jd7s6k2m9q'),
    organization: Type.Object(
      { id: text('Its id.', 'org_01jd7s6k2m9q'), name: orNull(text('Its name.', 'Acme GmbH')) },
      { description: 'For which organisation.' },
    ),
    user: Type.Object(
      {
        id: text('Of the person.', 'usr_01jd7s5x8r3w'),
        email: orNull(text('Their address.', 'ana@acme.example')),
        name: orNull(text('Their name.', 'Ana')),
      },
      { description: 'Whom it lets in.' },
    ),
    issued_by: Type.Object(
      { id: text('Of whoever made it.', 'usr_01jd7s5x8r3w'), name: orNull(text('Their name.', 'Sam')) },
      { description: 'Who made it.' },
    ),
    audience: text('`account`, or the application it is for.', 'account'),
    reason: text('Why; everybody who manages the organisation reads it.', 'Acme’s provider is gone (ticket 4711)'),
    hand_over: HandOver,
    state: Type.Unsafe<ReturnType<typeof stateOf>>(
      Type.String({
        enum: [...rescueStates],
        description: 'The code can still be used; it was; it has run out; it was taken back.',
        examples: ['waiting'],
      }),
    ),
    created_at: Time('When it was made.'),
    expires_at: Time('Until when the code works.'),
    used_at: orNull(Time('When it was used.')),
    session_id: orNull(text('The session that it began.', 'ses_01jd7s6k2m9q')),
  },
  { description: 'A way in, once, for an administrator of an organisation who is locked out.' },
)
export const IssueRescue = Type.Object({
  user_id: Type.String({
    maxLength: 64,
    description: 'An owner or administrator of the organisation.',
    examples: ['usr_01jd7s5x8r3w'],
  }),
  hand_over: HandOver,
  reason: Type.String({
    minLength: REASON.least,
    maxLength: REASON.most,
    pattern: '\\S.{8,}\\S',
    description: 'Why. Everybody who manages the organisation reads it.',
    examples: ['Acme’s provider is gone (ticket 4711)'],
  }),
  application_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'Into which application; left out: the account pages.' }),
  ),
})
export const Issued = Type.Object(
  {
    rescue: Rescue,
    url: text('Where the code is typed, with the address of the person.', 'https://id.acme.example/sign-in/rescue'),
    code: orNull(text('Told this once, and for `voice` alone.', '7Q4K-2MXB-9D8H-TR3F')),
  },
  { description: 'It works once, for half an hour.' },
)
export const ListQuery = Type.Object({
  organization_id: Type.Optional(Type.String({ maxLength: 64, description: 'For one organisation only.' })),
  user_id: Type.Optional(Type.String({ maxLength: 64, description: 'For one person only.' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: 'How many; 50 when left out.' })),
  cursor: Type.Optional(Type.String({ maxLength: 64, description: 'The `next_cursor` of the page before.' })),
})
export const List = Type.Object(
  {
    data: Type.Array(Rescue, { description: 'Newest first.' }),
    next_cursor: orNull(text('Send it as `cursor` for the next page; null on the last one.', 'rsc_01jd7s6k2m9q')),
  },
  { description: 'Rescues, newest first.' },
)
export const RescueId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'Of the rescue.', examples: ['rsc_01jd7s6k2m9q'] }),
})
export const OrganizationId = Type.Object({
  id: Type.String({ maxLength: 64, description: 'Of the organisation.', examples: ['org_01jd7s6k2m9q'] }),
})
