import { type Column, type Noun, paging } from '../noun.ts'

const ends: readonly Column[] = [
  ['ended', 'ended_at'],
  ['person', 'session.user.email'],
  ['session', 'session.id'],
  ['reason', 'reason'],
  ['why', 'text'],
]

export const sessions: Noun = {
  summary: 'who is signed in, and why somebody no longer is',
  help: `"why" answers "why was I signed out?": each end with its reason, by person, by session or around a time.

Example: holdfast sessions why --user usr_01jd7s5x8r3w`,
  columns: [
    ['id', 'id'],
    ['person', 'user.email'],
    ['application', 'audience'],
    ['last seen', 'last_seen_at'],
    ['ended', 'ended_at'],
    ['reason', 'end_reason'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/sessions',
      summary: 'newest first',
      flags: {
        user: { means: 'of this person', name: 'user_id' },
        organization: { means: 'of this organisation', name: 'organization_id' },
        application: { means: 'in this application', name: 'audience' },
        state: { means: 'live, ended or all' },
        from: { means: 'begun at or after, RFC 3339' },
        to: { means: 'begun before, RFC 3339' },
        ...paging,
      },
    },
    show: { line: 'GET /v1/sessions/{id}', summary: 'one of them' },
    why: {
      line: 'GET /v1/session-ends',
      summary: 'why sessions ended',
      flags: {
        user: { means: 'of this person', name: 'user_id' },
        session: { means: 'of this session', name: 'session_id' },
        at: { means: 'around this time, RFC 3339' },
        'window-min': { means: 'how many minutes around it', kind: 'number' },
        ...paging,
      },
      columns: ends,
    },
    end: { line: 'DELETE /v1/sessions/{id}', summary: 'end one; its app is told within seconds' },
  },
}
