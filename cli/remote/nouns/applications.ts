import { type Noun, paging } from '../noun.ts'

const changes = {
  origins: { means: 'exact origins, with commas between', kind: 'list' },
  'on-unknown': { means: 'JSON: {"policy": "serve" or "refuse", "max_age_s": 300 to 86400}', kind: 'json' },
  brand: { means: 'JSON: name, accent, logo_svg, support_url, privacy_url, terms_url', kind: 'json' },
} as const

export const applications: Noun = {
  summary: 'the apps people sign in to: origins, keys, brand',
  help: `An application is what the SDK speaks for. Its key is shown once; a rotation leaves the key before good for a day.

Example: holdfast applications create --name "Acme Notes" --origins https://app.acme.example`,
  columns: [
    ['id', 'id'],
    ['name', 'name'],
    ['origins', 'origins'],
    ['unknown', 'on_unknown.policy'],
    ['live sessions', 'live_sessions'],
    ['key', 'key_hint'],
  ],
  verbs: {
    list: {
      line: 'GET /v1/applications',
      summary: 'newest first',
      flags: { query: { means: 'part of a name or an origin' }, ...paging },
    },
    show: { line: 'GET /v1/applications/{id}', summary: 'one of them' },
    create: {
      line: 'POST /v1/applications',
      summary: 'make one, and its key',
      flags: {
        name: { means: 'what people know it by', isRequired: true },
        ...changes,
        origins: { ...changes.origins, isRequired: true },
      },
      row: 'application',
      secret: 'key',
    },
    update: {
      line: 'PATCH /v1/applications/{id}',
      summary: 'change what is given',
      flags: { name: { means: 'what people know it by' }, ...changes },
    },
    'rotate-key': {
      line: 'POST /v1/applications/{id}/key-rotations',
      summary: 'a new key; the one before stays good for a day',
      flags: { 'revoke-previous': { means: 'somebody else may have the key: refuse it at once', kind: 'yes' } },
      row: 'application',
      secret: 'key',
    },
    delete: { line: 'DELETE /v1/applications/{id}', summary: 'delete it and end its sessions' },
  },
}
