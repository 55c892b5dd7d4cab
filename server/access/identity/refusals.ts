import { refusals } from '../../platform/refusal.ts'

/** None of them tells whether an address has an account here. */
export const refuse = refusals('identity', {
  bad_email: [400, 'This is not an e-mail address that mail can be sent to. Give one such as ana@acme.example.'],
  bad_code: [400, 'A code has 6 digits. Send them as they stand in the mail.'],
  bad_return_to: [
    400,
    'This sign-in would lead on to {origin}, which is not registered here. Give a path, or a page of a registered application.',
  ],
  bad_application: [400, 'Only "console" can be signed in to here by name. An app signs in on its own origin.'],
  wrong_code: [400, 'This code is not right; {attempts_left} attempts are left. Use the newest mail.'],
  other_browser: [400, 'This sign-in was started in another browser. Type the code there, or start again here.'],
  link_only: [400, 'Many wrong codes were typed for this address. Open the link in the mail instead.'],
  challenge_expired: [410, 'This sign-in has expired, or a newer one was started. Ask for a new code.'],
  challenge_used: [410, 'This code or link was already used. Ask for a new code.'],
  too_many_attempts: [410, 'There were too many wrong codes, so this one no longer works. Ask for a new code.'],
  slow_down: [429, 'Too many {what}: try again in {retry_after_s} s. Nothing is locked.'],
  not_administrator: [403, 'This account is not an administrator of this installation. Ask one to make it so.'],
  enrolment_spent: [
    410,
    'This enrolment link was used, or has expired. A restart prints a new one while there is no administrator.',
  ],
  bad_profile: [400, 'Nothing was saved: {fields} cannot be taken as it is.'],
  no_user: [404, 'There is no user {id}.'],
  bad_cursor: [400, 'This cursor is not one of ours. Begin again without it.'],
  not_yours: [404, 'There is no such session of yours. It may have ended already.'],
  bad_brand: [400, 'This brand cannot be shown. {says}'],
  no_preview: [404, 'This preview is over, or never was. Ask for another one.'],
  no_development_mail: [404, 'There is nothing at this address.'],
})
