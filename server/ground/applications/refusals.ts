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
  no_application: [404, 'There is no application {id}, or it was deleted.'],
  bad_name: [400, 'Give the application a name of 1 to 80 characters, as people know it.'],
  bad_brand: [400, 'This brand cannot be taken. {says}'],
  bad_origin: [
    400,
    '"{origin}" is no origin that can be registered. Give it as browsers send it, such as https://app.acme.example; http only on the loopback.',
  ],
  own_origin: [400, 'At {origin} is Holdfast itself. An app needs an origin of its own.'],
  origin_taken: [409, 'The origin {origin} belongs to the application {application}. Take it away there first.'],
  too_many: [409, 'There are {max} applications, which is the most there can be. Delete one that nobody uses.'],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
  foreign_key: [401, 'This key belongs to the environment "{theirs}", and this is "{ours}".'],
})
