import { refusals } from '../../platform/refusal.ts'

export const refuse = refusals('applications', {
  bad_signature: [
    401,
    'The forwarding signature of {application} is wrong. Check that the app and Holdfast use the same application key.',
  ],
  bad_forwarded: [
    400,
    'The header holdfast-forwarded must read "for=<address>;origin=<origin>;prefix=</path>". Use the SDK, or its form.',
  ],
  half_signed: [
    401,
    'Of holdfast-application, holdfast-forwarded and holdfast-signature one is missing. A proxy in between must pass them all.',
  ],
  clock_skew: [
    401,
    'The forwarding signature is {seconds} s away from the clock here; at most 60 s are accepted. Set the clocks.',
  ],
  unknown_application: [401, 'There is no application {application} here, or it is not known yet. Check the key.'],
  foreign_origin: [403, 'The origin {origin} is not registered for the application {application}.'],
  key_missing: [401, 'Send the application key as "Authorization: Bearer hf_…".'],
  key_unknown: [
    401,
    'This application key is not known here. Make a new one, or check which environment it belongs to.',
  ],
  foreign_key: [401, 'This key belongs to the environment "{theirs}", and this is "{ours}".'],
})
