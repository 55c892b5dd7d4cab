import type { Application } from '../../app/api/wire/applications.ts'
import type { Token } from '../../app/api/wire/tokens.ts'
import { type Ago, DAY_MS, HOUR_MS, idOf, MINUTE_MS } from './ids.ts'

export const noBrand: Application['brand'] = {
  name: null,
  accent: null,
  logo_svg: null,
  support_url: null,
  privacy_url: null,
  terms_url: null,
}

export function makeApplications(ago: Ago): Application[] {
  const one = (index: number, name: string, more: Partial<Application>): Application => ({
    id: index === 0 ? 'app_demo' : idOf('app', index),
    name,
    audience: index === 0 ? 'app_demo' : idOf('app', index),
    origins: ['https://notes.acme.test'],
    on_unknown: { policy: 'serve', max_age_s: 900 },
    brand: noBrand,
    key_hint: `…${'7Q2M4KX9'.slice(index, index + 4)}`,
    key_created_at: ago((index + 1) * 9 * DAY_MS),
    previous_key_valid_until: index === 1 ? ago(-20 * HOUR_MS) : null,
    created_at: ago((index + 1) * 30 * DAY_MS),
    updated_at: ago((index + 1) * 2 * DAY_MS),
    live_sessions: 1204 - index * 380,
    ...more,
  })
  return [
    one(0, 'Acme Notes', {
      brand: {
        ...noBrand,
        name: 'Acme Notes',
        accent: { hue: 35, chroma: 0.12 },
        support_url: 'https://acme.test/help',
      },
    }),
    one(1, 'Acme Ledger', { origins: ['https://ledger.acme.test', 'https://ledger-eu.acme.test'] }),
    one(2, 'Warehouse', {
      origins: ['https://warehouse.acme.test'],
      on_unknown: { policy: 'refuse', max_age_s: 0 },
    }),
  ]
}

export function makeTokens(by: string, ago: Ago): Token[] {
  const one = (index: number, name: string, more: Partial<Token>): Token => ({
    id: idOf('tok', index),
    name,
    kind: 'machine',
    hint: 'k3Zq9wLm2T'.slice(index, index + 4),
    origins: [],
    scopes: ['users:read', 'sessions:read'],
    created_at: ago((index + 1) * 12 * DAY_MS),
    created_by: by,
    expires_at: ago(-(90 - index * 30) * DAY_MS),
    last_used_at: ago((index * 7 + 2) * MINUTE_MS),
    revoked_at: null,
    revoked_by: null,
    state: 'live',
    ...more,
  })
  return [
    one(0, 'CRM import', {}),
    one(1, 'Support desk', { scopes: ['users:read', 'sessions:read', 'sessions:write', 'audit:read'] }),
    one(2, 'Nightly report', { scopes: ['overview:read'], last_used_at: null, expires_at: null }),
    one(3, 'Old pipeline', { state: 'revoked', revoked_at: ago(3 * DAY_MS), revoked_by: by }),
    one(5, 'Fieldnotes in the browser', {
      kind: 'browser',
      scopes: [],
      origins: ['https://notes.acme.example', 'https://preview.acme.example'],
      expires_at: null,
    }),
    one(4, 'Trial integration', { state: 'expired', expires_at: ago(30 * DAY_MS) }),
  ]
}
