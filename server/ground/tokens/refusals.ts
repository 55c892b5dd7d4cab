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
  browser_only: [
    403,
    'This is a browser token: it asks for the answers of flags, and does nothing else. A program needs a machine token.',
  ],
  cannot_evaluate: [
    403,
    'This token may not ask flags for answers. It needs the scope flags:evaluate or flags:read; a page needs a browser token.',
  ],
  foreign_page: [403, 'This browser token does not know the page that sent it. Make one whose origins name that page.'],
  bad_origin: [
    400,
    '"{origin}" is no origin that a browser sends over a safe way. Write it such as https://app.acme.example; http only on the loopback.',
  ],
  no_token: [404, 'There is no token {id}.'],
  beyond_own: [403, 'You cannot give what you do not have: {scopes}. Ask an administrator to make this token.'],
  bad_name: [400, 'Give the token a name that says what uses it, such as "nightly export".'],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
})
