/** Plain strings only: a mail has a text part as well as HTML. */
export const mails = {
  /** Mail is read on other devices than the one that asked, so its times are told in UTC unless the zone is known. */
  at: (time: string, zone: string) => `${time} (${zone})`,
  signIn: {
    subject: (code: string, brand: string) => `${code} is your code for ${brand}`,
    linkOnlySubject: (brand: string) => `Your link to sign in to ${brand}`,
    title: (brand: string) => `Sign in to ${brand}`,
    code: 'Type this code on the page where you asked for it:',
    link: 'Or open this link in the same browser:',
    linkOnly: 'Open this link in the browser where you asked for it:',
    button: 'Sign in',
    until: (time: string, minutes: number) => `Both work once, until ${time}: ${minutes} min from the request.`,
    linkUntil: (time: string, minutes: number) => `It works once, until ${time}: ${minutes} min from the request.`,
    asked: (device: string, time: string) => `Asked for in ${device} at ${time}.`,
    notYou:
      'If this was not you, do nothing: without the code or the link nobody gets in. We never ask anybody for a code.',
  },
  newDevice: {
    subject: (brand: string) => `New sign-in to ${brand}`,
    title: 'Sign-in from a new browser',
    what: (brand: string, email: string) => `Somebody signed in to ${brand} as ${email}.`,
    where: 'Browser',
    when: 'When',
    address: 'Network address',
    wasYou: 'If this was you, there is nothing to do.',
    notYou: 'If it was not you, end that session now, and secure your mailbox: whoever reads your mail can sign in.',
    button: 'See your sessions',
  },
  firstAdministrator: {
    subject: (brand: string) => `You are the first administrator of ${brand}`,
    title: 'You are the first administrator',
    what: (brand: string, environment: string, email: string) =>
      `${email} was enrolled as an administrator of ${brand} (environment ${environment}).`,
    asked: (device: string, time: string) => `Enrolled in ${device} at ${time}.`,
    next: 'In the console you see the state of every dependency, users and sessions.',
    button: 'Open the console',
    notYou:
      'If this was not you, somebody else holds the enrolment link of your installation: stop it and look at who may read its output.',
  },
  invitation: {
    subject: (organization: string, brand: string) =>
      organization === brand ? `Invitation to ${brand}` : `Invitation to ${organization} (${brand})`,
    title: (organization: string) => `Join ${organization}`,
    by: (inviter: string, organization: string, brand: string) =>
      `${inviter} invites you to join ${organization} at ${brand}. Open the page to look at the invitation and to join.`,
    what: (organization: string, brand: string) =>
      `You are invited to join ${organization} at ${brand}. Open the page to look at the invitation and to join.`,
    button: 'Look at the invitation',
    until: (time: string) => `The invitation can be accepted until ${time}.`,
    notYou:
      'If this tells you nothing, do nothing: no account is made. The link alone lets nobody in; whoever joins has to confirm this address with a code.',
  },
}
