import { refusals } from '../../../platform/refusal.ts'

export const refuse = refusals('staff', {
  no_staff: [404, 'Nobody with the id {id} is staff of this installation.'],
  no_user: [404, 'There is no user {id}. Somebody must have an account before they can be staff.'],
  last_administrator: [
    409,
    'This is the last administrator who can sign in: without one nobody could let anybody in. Make somebody else an administrator first.',
  ],
  beyond_own: [403, 'You cannot make somebody more than you are. Ask an administrator to do it.'],
})
