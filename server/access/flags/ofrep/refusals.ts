import { refusals } from '../../../platform/refusal.ts'

export const refuse = refusals('ofrep', {
  no_token: [
    401,
    'Send a token as "Authorization: Bearer hf_…" or "X-API-Key: hf_…": the key of an application, a machine token with flags:evaluate, or in a page a browser token.',
  ],
  not_an_object: [400, 'The body is JSON, and no object. Send {"context": {…}}, or nothing.'],
  bad_context: [400, 'The context is no object. Send {"context": {"targetingKey": "…", …}}.'],
  none_yet: [503, 'There are no flags here yet that could be served. Use your own defaults, and try again.'],
  not_reached: [
    503,
    'The number {number} was announced and has not come to this process in time. What you hold stays good; try again.',
  ],
  stream_expired: [
    401,
    'This address of the event stream is not good any more. Ask for the flags again: the answer has a new one.',
  ],
  too_many_streams: [503, 'Too many event streams are open here. Ask for the flags again after a while.'],
})
