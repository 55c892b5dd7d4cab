import { Type } from 'typebox'
import type { Reason } from '../../../../sdk/contract.ts'
import { orNull, Time } from '../../../platform/http/index.ts'
import { cursor, NextCursor, one, PersonId, sessionId, text } from '../answers.ts'

const VerdictCount = Type.Object(
  {
    verdict: one(['valid', 'invalid', 'unknown'], 'What was answered.'),
    reason: orNull(text('Why; null when it was valid.', 'idle')),
    source: orNull(text('Where the answer came from.', 'database')),
    count: Type.Integer({ description: 'How often.', examples: [1204] }),
  },
  { description: 'One kind of answer.' },
)
const verdicts = Type.Array(VerdictCount, { description: 'Every kind of answer that was given, and how often.' })

export const Verifiers = Type.Object(
  {
    window: Type.Object(
      { from: Time('From this minute on.'), to: Time('Until before this minute.') },
      { description: 'The time around the end.' },
    ),
    access: Type.Array(
      Type.Object({
        process: text('Which process of access.', 'web-1:4821'),
        verdicts,
        vanished: Type.Integer({
          description: 'Sessions found gone although nothing had ended them; 0 on every healthy day.',
          examples: [0],
        }),
        database_away_ms: Type.Integer({ description: 'For how long the database did not answer it.', examples: [0] }),
      }),
      { description: 'What access itself answered.' },
    ),
    applications: Type.Array(
      Type.Object({
        application: Type.Object(
          { id: text('Which.', 'app_notes'), name: orNull(text('Its name.', 'Acme Notes')) },
          { description: 'Whose verifiers.' },
        ),
        instances: Type.Array(
          Type.Object({
            name: text('Which process of it.', 'web-1:4821'),
            verdicts,
            lag_ms: orNull(
              Type.Number({
                description: 'The oldest its knowledge of ends became, in milliseconds.',
                examples: [1800],
              }),
            ),
            access_away_ms: Type.Integer({ description: 'For how long access did not answer it.', examples: [0] }),
            reported_at: Time('When it last told of this time.'),
          }),
          { description: 'Its processes that have told.' },
        ),
      }),
      { description: 'What the verifiers of applications answered, as they told it.' },
    ),
    outages: Type.Array(
      Type.Object({
        from: Time('From.'),
        to: Time('Until.'),
        what: text('What could not be seen.', 'Nobody could be seen: the database did not take notes.'),
      }),
      { description: 'Stretches within it that nobody could see.' },
    ),
  },
  { description: 'What the verifiers said at that hour.' },
)

export const SessionEnd = Type.Object(
  {
    session_id: sessionId,
    user: Type.Object(
      {
        id: PersonId,
        email: orNull(text('Their address.', 'ana@acme.example')),
        name: orNull(text('Their name.', 'Ana')),
      },
      { description: 'Whose session it is.' },
    ),
    audience: text('The application it was for.', 'app_notes'),
    began_at: Time('When it began.'),
    last_seen_at: Time('When it was last used, to the minute.'),
    ended_at: orNull(Time('When it ended; null: it has not.')),
    reason: orNull(Type.Unsafe<Reason>(text('Why; stable.', 'revoked'))),
    sentence: text('Why, for people.', 'Ended by an administrator.'),
    ended_by: orNull(
      Type.Object(
        {
          kind: one(['person', 'staff', 'token', 'holdfast'], '`person` is the person themselves.'),
          id: text('Of whoever it was.', 'usr_01jd7s5x8r3w'),
          label: text('For people.', 'Sam Support'),
          device: orNull(text('From which browser, where one was used and is known.', 'Firefox on Windows')),
        },
        { description: 'Who ended it; null: it has not ended.' },
      ),
    ),
    device: Type.Object(
      { name: text('Browser and system.', 'Firefox on macOS'), address: text('At the sign-in.', '203.0.113.7') },
      { description: 'Where it was.' },
    ),
    idle_after_s: Type.Number({ description: 'Unused for so long it ends by itself.', examples: [1209600] }),
    is_usual: Type.Boolean({
      description: 'False: it fell into a time in which far more sessions ended than usual at that hour.',
    }),
    verifiers: Verifiers,
  },
  { description: 'One session, and why it is over, or that it is not.' },
)

const Episode = Type.Object(
  {
    id: text('Of the episode.', 'epi_01jd7s6k2m9q'),
    class: one(
      ['own', 'administrator', 'itself', 'refused', 'unexplained'],
      'By people themselves; by administrators; run out; shown, and known to nobody here; gone without an end.',
    ),
    began_at: Time('From.'),
    over_at: orNull(Time('Until; null: it goes on.')),
    counted: Type.Integer({ description: 'How many at its height, in one window.', examples: [412] }),
    usual: Type.Number({ description: 'How many are usual in that window at that hour.', examples: [6.5] }),
  },
  { description: 'A time in which far more ended than usual, or without a reason.' },
)

/** Each is looked up with what all verifiers said at its hour. */
const LIST_MAX = 50
export const EndsQuery = Type.Object({
  user_id: Type.Optional(
    Type.String({ maxLength: 64, description: 'Of one person. Left out by a person: their own.' }),
  ),
  session_id: Type.Optional(Type.String({ maxLength: 64, description: 'This session alone, live or ended.' })),
  at: Type.Optional(Type.String({ format: 'date-time', description: 'Ended around this time.' })),
  window_min: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 120,
      description: 'So many minutes around it on each side; 30 when left out.',
    }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIST_MAX, description: 'How many; 10 when left out.' })),
  cursor,
})
export const EndList = Type.Object(
  {
    data: Type.Array(SessionEnd, { description: 'Newest end first.' }),
    still_live: Type.Array(SessionEnd, {
      description:
        'Of one person: sessions that have not ended. Who was asked to sign in although one of these is theirs was not signed out.',
    }),
    episodes: Type.Array(Episode, { description: 'Unusual times that these ends, or the time asked for, fall into.' }),
    next_cursor: NextCursor,
  },
  { description: 'Why sessions ended.' },
)
