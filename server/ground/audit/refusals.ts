import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('audit', {
  no_entry: [404, 'There is no audit entry {id}, or retention has deleted it.'],
  bad_cursor: [400, 'This cursor is not one of ours. Leave it out to begin with the newest entry.'],
  bad_time: [400, '"{field}" must be a time such as 2026-11-21T08:00:00Z.'],
  too_many_exports: [429, 'Several exports are under way. Try again when one of them has ended.'],
})
