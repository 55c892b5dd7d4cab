import { refusals } from '../../platform/refusal.ts'
import { CONTENT_BYTES_MAX } from './locker.ts'

export const refuse = refusals('lockers', {
  bad_key: [400, 'The key of a locker is a SHA-256 as 43 characters of base64url. Never send the session id itself.'],
  not_found: [404, 'There is no such locker: it was never filled here, or it has run out.'],
  emptied: [410, 'This locker was emptied, and stays so. Give the browser a new session id.'],
  too_large: [413, `A locker holds ${CONTENT_BYTES_MAX} bytes, and this is {bytes}. Keep large things in a table.`],
  full: [409, 'This application has {max} lockers, and gets no more until some have run out.'],
})
