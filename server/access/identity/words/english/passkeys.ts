import { type Html, html } from '../../../../platform/html/html.ts'

export const passkeys = {
  /** On the sign-in page. */
  or: 'or',
  signIn: 'Sign in with a passkey',
  confirm: 'Confirm with a passkey',
  confirmLede: (brand: string) => `${brand} asks you to confirm this with your passkey. You stay signed in meanwhile.`,
  dormantLede: 'Your passkeys lie dormant while your provider works: confirm this with it.',
  unscripted: 'A passkey needs a browser that runs script. Allow it for this page, or use a recovery code.',
  lost: 'No passkey at hand? Use a recovery code',
  byMail: 'Or confirm by a code in a mail',
  refused: {
    refused: 'This passkey was not accepted. Try once more, or sign in by mail.',
    unknown:
      'This passkey is not known here; it may have been removed. Sign in by mail, and delete it from your device.',
    over: 'That took too long, or it was used already. Try once more.',
    notYours: 'This passkey is of another account. Use one of the account that is signed in here.',
    copied: 'This passkey may have been copied, so it opens nothing any more. Sign in another way, and remove it.',
    unconfirmed:
      'This passkey came back from a backup. Sign in by mail, and say under “Passkeys” that it is still yours.',
  },
  /** The same where only the strongest method is taken, and no mail is sent. */
  refusedAlone: {
    refused: 'This passkey was not accepted. Try once more, or use a recovery code.',
    unknown:
      'This passkey is not known here; it may have been removed. Delete it from your device, and use another one or a recovery code.',
    copied: 'This passkey may have been copied, so it opens nothing. Use another one or a recovery code.',
    unconfirmed:
      'This passkey came back from a backup, so it confirms nothing yet. Use another one or a recovery code.',
  },
  /** Said by the script. */
  cancelled: 'No passkey was used. Try once more, or choose another way.',
  exists: 'This device or password manager has a passkey for this account already.',
  unable: 'This browser could not do that. Try once more, or use another device.',
  away: 'Passkeys cannot be used at the moment. Try again in a few seconds.',

  /** After a sign-in by mail. */
  offerTitle: 'Sign in faster next time',
  offerLede: (brand: string) =>
    `Add a passkey, and sign in to ${brand} with your fingerprint, face or screen lock: no code, no mail, and nothing that anybody could trick out of you.`,
  offerFor: (email: string) => `It belongs to the account ${email}.`,
  requiredLede: (organization: string) => `${organization} asks its people to have a passkey. It takes a few seconds.`,
  yourOrganization: 'Your organisation',
  notNow: 'Not now',
  goOn: 'Go on without a passkey',

  /** The page of one's own. */
  title: 'Passkeys',
  lede: 'A passkey signs you in with your fingerprint, face or screen lock. It is kept by a device or a password manager, and works on this site only.',
  none: 'You have no passkey yet.',
  added: 'The passkey was added.',
  renamed: 'The name was saved.',
  removed: 'The passkey was removed. Delete it from your device or password manager too.',
  addedAt: (at: Html) => html`Added ${at}`,
  usedAt: (at: Html) => html`Last used ${at}`,
  neverUsed: 'Not used yet',
  synced: 'Synced by a password manager',
  bound: 'On one device only',
  unconfirmed: 'It came back from a backup and opens nothing yet. Confirm it, unless you had removed it.',
  dormant: 'It lies dormant: your organisation signs in through its provider. It lets you in while that is down.',
  notTaken: 'Your organisation does not take it, so it signs you in nowhere at the moment.',
  seemsCopied: 'It may have been copied, and opens nothing any more. Remove it, and add a new one.',
  confirmOf: (name: string) => `Still mine: ${name}`,
  confirmIt: 'Still mine',
  confirmAll: (passkeys: number) => `All ${passkeys} are still mine`,
  confirmed: 'What you confirmed works again.',
  rename: 'Rename',
  renameOf: (name: string) => `Rename: ${name}`,
  name: 'Name',
  saveName: 'Save name',
  remove: 'Remove',
  removeOf: (name: string) => `Remove: ${name}`,
  removeTitle: (name: string) => `Remove “${name}”?`,
  removeLede: 'It will not sign you in any more. This cannot be undone; you can add it anew.',
  removeOthers: 'Sign out everywhere else as well',
  removeOthersHint: 'Do this if somebody else may have used it.',
  keep: 'Keep it',
  addTitle: 'Add a passkey',
  addHint:
    'Your browser asks where to keep it: on this device, in a password manager, or on a telephone or security key.',
  add: 'Add a passkey',
  addUnscripted: 'To add a passkey, allow script for this page.',
  addUnable: 'This browser cannot keep passkeys. Open this page on another device.',
  addFull: (most: number) => `You have ${most} passkeys, as many as an account can have. Remove one first.`,
  addFresh: 'Before you add one, confirm that it is you.',
  toFresh: 'Confirm',
  elsewhere: (host: string) => `Passkeys are added on ${host}; you come back afterwards.`,
  unableHere: 'This installation cannot use passkeys: its address has to be a name with https.',
  badName: 'A passkey has a name of 1 to 100 characters.',
  suggestRecovery: 'Make recovery codes too: they let you in when a device is lost.',

  /** Recovery codes. */
  recoveryTitle: 'Recovery codes',
  recoveryLede:
    'Ten codes to print or to put away. Each signs you in once, without a passkey and without a mail: for the day on which a device or your mailbox is lost.',
  recoveryNone: 'You have no recovery codes.',
  recoveryLeft: (left: number, made: Html) =>
    left === 0
      ? html`All ten are used up. Made ${made}.`
      : left === 1
        ? html`One of ten is left. Made ${made}.`
        : html`${left} of ten are left. Made ${made}.`,
  recoveryFew: 'Few are left. Make new ones before you need the last.',
  recoveryOut: 'None is left. Make new ones before you need one.',
  make: 'Make ten codes',
  makeAnew: 'Make ten new codes',
  makeVoids: 'New codes make the old ones void.',
  madeTitle: 'Your recovery codes',
  madeLede: 'They are shown this once. Print them or save them where only you get at them; each works once.',
  madeFor: (email: string, brand: string) => `Recovery codes of ${email} for ${brand}`,
  copy: 'Copy',
  copied: 'Copied',
  print: 'Print',
  download: 'Download',
  done: 'I have put them away',
  toAccount: 'Back to your account',

  /** The sign-in by a recovery code. */
  useTitle: 'Sign in with a recovery code',
  useLede: 'For when neither your passkey nor your mailbox is at hand. Each code works once.',
  useLink: 'Lost your mailbox or device? Use a recovery code',
  code: 'Recovery code',
  codeHint: 'Sixteen letters and digits. Dashes and small letters do not matter.',
  use: 'Sign in',
  wrong: 'This address and this code do not belong together, or the code was used. Try the next one.',
  otherWay: 'Sign in another way',

  mails: {
    when: 'When',
    where: 'Browser',
    address: 'Network address',
    passkey: 'Passkey',
    button: 'See your passkeys',
    notYou:
      'If this was not you, sign out everywhere on your account page, remove what you do not know, and secure your mailbox.',
    added: {
      subject: (brand: string) => `A passkey was added to your account at ${brand}`,
      title: 'A passkey was added',
      what: (brand: string, email: string) => `Whoever holds it can sign in to ${brand} as ${email}.`,
      dormant:
        'At the moment your organisation does not take it. One that was enrolled after a sign-in with its provider lies dormant, and lets you in while that is down.',
    },
    removed: {
      subject: (brand: string) => `A passkey was removed from your account at ${brand}`,
      title: 'A passkey was removed',
      what: (brand: string, email: string) => `It signs nobody in to ${brand} as ${email} any more.`,
    },
    copied: {
      subject: (brand: string) => `A passkey of your account at ${brand} may have been copied`,
      title: 'A passkey may have been copied',
      what: (brand: string, email: string) =>
        `It was shown to ${brand} with an older count than before, as a copy would. Nobody was let in as ${email} by it, and it opens nothing any more.`,
      next: 'Sign in another way, remove this passkey and add a new one.',
    },
    made: {
      subject: (brand: string) => `Recovery codes were made for your account at ${brand}`,
      title: 'Recovery codes were made',
      what: (brand: string, email: string) =>
        `Each of the ten signs in to ${brand} as ${email} once. Older ones are void.`,
      button: 'See your recovery codes',
    },
    used: {
      subject: (brand: string) => `A recovery code was used to sign in to ${brand}`,
      title: 'Sign-in with a recovery code',
      what: (brand: string, email: string) => `Somebody signed in to ${brand} as ${email} with a recovery code.`,
      left: 'Codes left',
    },
    shown: {
      subject: (brand: string) => `A recovery code of yours was tried at ${brand}`,
      title: 'A recovery code let nobody in',
      what: (brand: string, email: string) =>
        `Somebody typed a right recovery code of ${email} at ${brand}. Nobody was signed in, and the code is still good. If it was not you, make new codes.`,
    },
  },
}
