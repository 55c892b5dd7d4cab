import type { AuditEntry, AuditSeal } from '../../app/api/wire/audit.ts'
import type { User } from '../../app/api/wire.ts'
import { type Ago, idOf, MINUTE_MS } from './ids.ts'

/** More than two pages. */
const ENTRIES = 56

interface Kind {
  action: string
  text: (who: string, whom: string) => string
  subject: 'user' | 'session' | 'organization' | 'application' | 'token' | 'signing-key'
  facts: Record<string, unknown>
}

const kinds: readonly Kind[] = [
  {
    action: 'session.ended',
    text: (who, whom) => `${who} ended a session of ${whom}`,
    subject: 'session',
    facts: { reason: 'revoked', application: 'app_demo' },
  },
  {
    action: 'user.blocked',
    text: (who, whom) => `${who} blocked ${whom}`,
    subject: 'user',
    facts: { sessions_ended: 2 },
  },
  {
    action: 'organization.created',
    text: (who) => `${who} made the organisation Kestrel Health`,
    subject: 'organization',
    facts: { slug: 'kestrel-health' },
  },
  {
    action: 'application.key_rotated',
    text: (who) => `${who} rotated the key of Acme Ledger`,
    subject: 'application',
    facts: { previous_key_valid_hours: 24 },
  },
  {
    action: 'token.created',
    text: (who) => `${who} made the token CRM import`,
    subject: 'token',
    facts: { scopes: ['users:read', 'sessions:read'], expires_in_days: 90 },
  },
  {
    action: 'signing-key.rotated',
    text: (who) => `${who} rotated the signing key`,
    subject: 'signing-key',
    facts: {},
  },
]

export function makeAudit(users: readonly User[], ago: Ago): { audit: AuditEntry[]; seal: AuditSeal } {
  const audit = Array.from({ length: ENTRIES }, (_, index) => makeEntry(index, users, ago))
  return {
    audit,
    seal: {
      sealed_up_to: ago(4 * MINUTE_MS),
      sealed: 48_210,
      waiting: audit.filter(({ sealed }) => !sealed).length,
      verified_at: ago(38 * MINUTE_MS),
      verdict: 'intact',
      problems: [],
    },
  }
}

function makeEntry(index: number, users: readonly User[], ago: Ago): AuditEntry {
  const kind = kinds[index % kinds.length]!
  const byItself = index % 7 === 5
  const isImpersonated = index % 11 === 3
  const who = users[[0, 2, 1][index % 3]!]!
  const whom = users[(index * 5 + 1) % users.length]!
  const said = byItself ? 'Holdfast' : (who.email ?? who.id)
  return {
    id: idOf('aud', index),
    at: ago((index * index + 1) * 2 * MINUTE_MS),
    action: kind.action,
    text: kind.text(said, whom.email ?? whom.id),
    actor: byItself ? { kind: 'holdfast', id: null, label: null } : { kind: 'person', id: who.id, label: who.email },
    impersonator: isImpersonated ? { id: users[2]!.id, label: users[2]!.email } : null,
    subject:
      kind.subject === 'user'
        ? { kind: 'user', id: whom.id, label: whom.email }
        : { kind: kind.subject, id: idOf(kind.subject.slice(0, 3), index), label: null },
    organization_id: index % 4 === 1 ? idOf('org', index % 12) : null,
    facts: kind.facts,
    address: byItself ? null : `203.0.113.${(index * 7) % 250}`,
    user_agent: byItself ? null : 'Mozilla/5.0 (X11; Linux x86_64; rv:151.0) Gecko/20100101 Firefox/151.0',
    sealed: index > 2,
  }
}
