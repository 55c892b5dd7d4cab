import type { Noun } from '../noun.ts'

const role = { means: 'administrator, support or product', isRequired: true } as const

export const staff: Noun = {
  summary: 'who works in the console',
  help: `Somebody must have an account before they can be staff. The last administrator stays one. Printed codes are made by
"holdfast break-glass print" on the machine itself.

Example: holdfast staff set usr_01jd7s5x8r3w --role support`,
  columns: [
    ['id', 'user.id'],
    ['email', 'user.email'],
    ['name', 'user.name'],
    ['role', 'role'],
    ['since', 'created_at'],
    ['by', 'created_by'],
  ],
  verbs: {
    list: { line: 'GET /v1/staff', summary: 'all of them', list: 'data' },
    set: { line: 'PUT /v1/staff/{user_id}', summary: 'make somebody staff, or give another role', flags: { role } },
    remove: { line: 'DELETE /v1/staff/{user_id}', summary: 'close the console to them' },
    codes: {
      line: 'GET /v1/break-glass-codes',
      summary: 'who has printed codes, and how many are left',
      list: 'sets',
      columns: [
        ['id', 'user.id'],
        ['email', 'user.email'],
        ['printed', 'printed_at'],
        ['left', 'left'],
      ],
    },
  },
}
