import type { Limit } from './pace.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/**
 * Every limit of sign-in. What a stranger does to an address never slows a browser in which its owner has signed in
 * before: those have limits of their own, or an attacker could lock people out.
 */
export const limits = {
  /** Twenty mails an hour flood nobody, and ten at once are more than an impatient person asks for. */
  mailToAddress: { kind: 'mail-to-address', everyMs: 3 * MINUTE_MS, burst: 10, what: 'mails' },
  mailToKnownBrowser: { kind: 'mail-to-known-browser', everyMs: MINUTE_MS, burst: 10, what: 'mails' },
  startInBrowser: { kind: 'start-in-browser', everyMs: 10 * SECOND_MS, burst: 15, what: 'requests' },
  /** An office or a mobile network behind one address signs in on Monday at nine. */
  startInBlock: { kind: 'start-in-block', everyMs: 500, burst: 300, what: 'requests' },
  /** With five codes a mail and the budget of mails, guessing one in a million takes years. */
  codeForAddress: { kind: 'code-for-address', everyMs: 30 * SECOND_MS, burst: 30, what: 'codes' },
  codeInKnownBrowser: { kind: 'code-in-known-browser', everyMs: MINUTE_MS, burst: 20, what: 'codes' },
  codeInBrowser: { kind: 'code-in-browser', everyMs: 5 * SECOND_MS, burst: 30, what: 'codes' },
  codeInBlock: { kind: 'code-in-block', everyMs: 500, burst: 300, what: 'codes' },
  /** Printed codes have 80 bits; this only bounds the work of answering. */
  breakGlassInBlock: { kind: 'break-glass-in-block', everyMs: 2 * SECOND_MS, burst: 20, what: 'codes' },
  /**
   * Recovery codes have 80 bits too: at the pace of one network a hit takes ten trillion years. So nothing is counted by
   * address, or a stranger's junk would keep its owner from the way out that is left when all else is lost.
   */
  recoveryInBrowser: { kind: 'recovery-in-browser', everyMs: 5 * SECOND_MS, burst: 30, what: 'codes' },
  recoveryInBlock: { kind: 'recovery-in-block', everyMs: 2 * SECOND_MS, burst: 60, what: 'codes' },
  /** Nothing can be guessed; this only bounds the work of answering. A page asks for a new challenge each few minutes. */
  passkeyInBrowser: { kind: 'passkey-in-browser', everyMs: 2 * SECOND_MS, burst: 30, what: 'requests' },
  passkeyInBlock: { kind: 'passkey-in-block', everyMs: 200, burst: 300, what: 'requests' },
  /** Nothing can be guessed; this bounds how often one browser or network has us leave for a provider. */
  departInBrowser: { kind: 'depart-in-browser', everyMs: 2 * SECOND_MS, burst: 20, what: 'requests' },
  departInBlock: { kind: 'depart-in-block', everyMs: 200, burst: 300, what: 'requests' },
  /** A link's token cannot be guessed; this only bounds the work of answering. */
  linkInBlock: { kind: 'link-in-block', everyMs: 200, burst: 300, what: 'requests' },
  /** Some hundred a day: a company of thousands is brought in by a program, over days, or by its own identity provider. */
  invitationInOrganization: { kind: 'invitation-in-organization', everyMs: 2 * MINUTE_MS, burst: 500, what: 'mails' },
  /** Whose mailbox was taken over must not be able to write to half the world in our name. */
  invitationByPerson: { kind: 'invitation-by-person', everyMs: 10 * MINUTE_MS, burst: 50, what: 'mails' },
  invitationByStaff: { kind: 'invitation-by-staff', everyMs: 10 * SECOND_MS, burst: 1000, what: 'mails' },
  /** Whoever does not want to come is not asked every day, whoever asks. */
  invitationToAddress: { kind: 'invitation-to-address', everyMs: 60 * MINUTE_MS, burst: 10, what: 'mails' },
  invitationAgain: { kind: 'invitation-again', everyMs: 10 * MINUTE_MS, burst: 2, what: 'mails' },
  /** Each has five codes; whoever mistypes their address begins again a few times. */
  changeByPerson: { kind: 'change-by-person', everyMs: 10 * MINUTE_MS, burst: 6, what: 'mails' },
} satisfies Record<string, Limit>

/** So many times what the mail servers take in a second may go out at once: people come in crowds. */
const CROWD_S = 50

/** What mail servers take from one sender. In the process only: one row that every sign-in writes would queue them all. */
export function mailInAll(perSecond: number): Limit {
  const burst = Math.max(1, Math.round(perSecond * CROWD_S))
  return { kind: 'mail-in-all', everyMs: SECOND_MS / perSecond, burst, what: 'mails' }
}

/** After this many wrong codes for an address in 24 h, browsers it was never used in get the link only (NIST 800-63B-4). */
export const WRONG_CODES_MAX = 100
export const WRONG_CODES_WINDOW_MS = 24 * 60 * MINUTE_MS
