import { lasting, type PolicyLine } from '../../ground/documentation/index.ts'
import { CODES_IN_SET } from './break-glass/code.ts'
import { ATTEMPTS_MAX, CHALLENGE_LIFE_MS } from './challenge.ts'
import * as change from './email-change/email-change.ts'
import { LINK_LIFE_MS as IMPERSONATION_LINK_MS, MINUTES } from './impersonation/impersonation.ts'
import { EXPIRES_IN_DAYS, EXPIRES_IN_DAYS_MAX } from './invitations/invitation.ts'
import { limits, WRONG_CODES_MAX, WRONG_CODES_WINDOW_MS } from './limits/limits.ts'
import { DECLINED_MS } from './passkeys/offer.ts'
import { CHALLENGE_LIFE_MS as PASSKEY_CHALLENGE_MS, PASSKEYS_MAX } from './passkeys/passkey.ts'
import type { Limit } from './limits/pace.ts'
import { ENROLMENT_LIFE_MS } from './make-enrolment-link.ts'

const pace = ({ burst, everyMs }: Limit) => `${burst}, then one every ${lasting(everyMs)}`

/** Every rule of getting in, from the constants that hold it: none can be changed by a setting. */
export function signInPolicy(): PolicyLine[] {
  const attempts = `${ATTEMPTS_MAX} attempts`
  return [
    {
      what: 'Code and link of a sign-in',
      value: `${lasting(CHALLENGE_LIFE_MS)}, once, ${attempts}`,
      means: 'Work only in the browser that asked. E-mail is one weak factor: see SECURITY.md.',
    },
    {
      what: 'Code of a change of address',
      value: `${lasting(change.CODE_LIFE_MS)}, once, ${change.ATTEMPTS_MAX} attempts`,
      means: `Needs a fresh sign-in. Where staff ask: a link for ${lasting(change.LINK_LIFE_MS)}. The old mailbox can take it back for ${lasting(change.UNDO_MS)}.`,
    },
    {
      what: 'Invitation',
      value: `${EXPIRES_IN_DAYS} days, ${EXPIRES_IN_DAYS_MAX} at most, once`,
      means: 'Lets nobody in by itself: the address is proven by a code as always.',
    },
    {
      what: 'Passkeys of an account',
      value: `${PASSKEYS_MAX} at most`,
      means: `The person is verified each time. A challenge works for ${lasting(PASSKEY_CHALLENGE_MS)}, once, in its browser.`,
    },
    {
      what: 'Changing ways to sign in, or the address',
      value: 'by the strongest method',
      means:
        'Whoever has a passkey confirms with it, or with a recovery code, on top of a fresh sign-in. A mailed code is not enough.',
    },
    {
      what: 'Offer of a passkey',
      value: `after a sign-in by mail; “not now” for ${lasting(DECLINED_MS)}`,
      means: 'In the browser in which it was said. Where an organisation requires passkeys it is made each time.',
    },
    {
      what: 'Recovery codes',
      value: `${CODES_IN_SET}, each once`,
      means: '80 bits each; they do not expire, and a new set voids the old one.',
    },
    {
      what: 'Printed codes of administrators',
      value: `${CODES_IN_SET}, each once`,
      means: '80 bits each, for the console alone; they do not expire, and a new sheet voids the old one.',
    },
    {
      what: 'Support acting as a person',
      value: `${MINUTES.usual} minutes, ${MINUTES.most} at most`,
      means: `Begun by a link that works for ${lasting(IMPERSONATION_LINK_MS)}, once. Changes nothing that is the person’s alone.`,
    },
    {
      what: 'Link of the first administrator',
      value: `${lasting(ENROLMENT_LIFE_MS)}, once`,
      means: 'A newer one voids it.',
    },
    {
      what: 'Wrong codes for one address',
      value: `${WRONG_CODES_MAX} in ${lasting(WRONG_CODES_WINDOW_MS)}`,
      means: 'Then browsers it was never used in get the link only. Nobody is locked out.',
    },
    {
      what: 'Codes tried for one address',
      value: pace(limits.codeForAddress),
      means: 'From browsers it was never used in.',
    },
    { what: 'Codes tried in one browser', value: pace(limits.codeInBrowser), means: 'Whatever the address.' },
    {
      what: 'Recovery codes tried in one network',
      value: pace(limits.recoveryInBlock),
      means: 'Whatever the address: what strangers type for it never keeps its owner out.',
    },
    { what: 'Mails to one address', value: pace(limits.mailToAddress), means: 'Slowed, never locked.' },
    {
      what: 'Sign-ins begun in one network',
      value: pace(limits.startInBlock),
      means: 'An IPv4 address or an IPv6 /56.',
    },
  ]
}
