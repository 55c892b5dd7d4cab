import { showReadiness } from '../fail-over/showing.ts'
import { type Noun, paging } from '../noun.ts'

const counted = [
  ['active', 'active'],
  ['ready %', 'ready_percent'],
  ['by passkey', 'able.passkey'],
  ['by e-mail only', 'able.email'],
  ['not known', 'able.unknown'],
  ['could not', 'able.no'],
] as const

export const readiness: Noun = {
  summary: 'who could sign in if a provider died now',
  help: `Of those who were active in the last 30 days: by what they could sign in without their provider, and who could not and why. It is
counted every ten minutes.

Examples:
  holdfast readiness
  holdfast readiness show --at-least 80
  holdfast readiness people prv_01jd7s6k2m9q --able no --all`,
  columns: [['organisation', 'organization.name'], ...counted],
  verbAlone: 'show',
  verbs: {
    show: {
      line: 'GET /v1/readiness',
      summary: 'a sentence for each provider, and where most could not',
      flags: { 'at-least': { means: 'exit code 1 when a provider is below so many per cent', kind: 'number' } },
      run: showReadiness,
    },
    organizations: {
      line: 'GET /v1/readiness/{provider}/organizations',
      summary: 'by organisation; where most could not comes first',
      flags: paging,
    },
    people: {
      line: 'GET /v1/readiness/{provider}/people',
      summary: 'who could not, or by less than a passkey, and why',
      columns: [
        ['id', 'user.id'],
        ['email', 'user.email'],
        ['able', 'able'],
        ['why', 'why'],
        ['last sign-in', 'last_sign_in_at'],
      ],
      flags: {
        able: { means: 'no, unknown, email or provider' },
        why: { means: 'for this reason alone' },
        organization: { means: 'on behalf of this organisation', name: 'organization_id' },
        ...paging,
      },
    },
  },
}
