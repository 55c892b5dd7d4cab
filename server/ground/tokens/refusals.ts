import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('tokens', {
  malformed: [401, 'Send a machine token: "Authorization: Bearer hf_<environment>_tok_…".'],
  foreign: [
    401,
    'This token is of the environment "{theirs}", and this installation is "{ours}". Use a token that was made here.',
  ],
  unknown: [401, 'This token is not known here. Make one in the console, or with "holdfast tokens create".'],
  expired: [401, 'This token expired at {at}. Make a new one.'],
  revoked: [401, 'This token was revoked at {at}. Make a new one if the program should go on.'],
})
