import type { Noun } from '../noun.ts'

export const statistics: Noun = {
  summary: 'sign-ins, success and time, sessions',
  help: `Stretches that nobody could see are null, never nothing; --json has each point.

Example: holdfast statistics show --range day`,
  columns: [],
  verbs: {
    show: {
      line: 'GET /v1/statistics',
      summary: 'totals of the last hour, day or month',
      flags: {
        range: { means: 'hour, day or month' },
        organization: { means: 'of this organisation', name: 'organization_id' },
      },
      row: 'totals',
    },
  },
}
