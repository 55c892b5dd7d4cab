import { type Html, html } from '../../../../platform/html/html.ts'

/** Of what is mailed plain strings only: mails have a text part as well as HTML. */
export const failOver = {
  ways: { provider: 'the identity provider', passkey: 'passkeys', email: 'codes by e-mail' },
  /** On the account page. */
  provisional: (provider: string) =>
    `You signed in another way because ${provider} was down. Until you sign in through it, ways to sign in, address and roles cannot be changed.`,
  due: (provider: string, at: Html) => html`${provider} is back. Sign in through it by ${at}, or this session ends.`,
  confirm: (provider: string) => `Continue with ${provider}`,
  mails: {
    asked: (device: string, time: string) => `A code was asked for in ${device} at ${time}.`,
    notYou: 'If this was not you, do nothing: nobody has got in.',
    button: 'Open the sign-in page',
    /** Instead of a code; the page says the same to everybody. */
    provider: {
      subject: (provider: string, brand: string) => `Sign in to ${brand} with ${provider}`,
      title: (provider: string) => `Use ${provider} to sign in`,
      what: (provider: string) =>
        `Your organisation signs in through ${provider}, so there is no code in this mail. Choose “Continue with ${provider}” on the sign-in page.`,
    },
    other: {
      subject: (brand: string) => `Sign in to ${brand} another way`,
      title: 'Your organisation takes no codes',
      what: (ways: string) =>
        `Your organisation takes no codes by e-mail, so there is none in this mail. It takes: ${ways}.`,
    },
    wait: {
      subject: (provider: string) => `Not yet: ${provider} is being checked`,
      title: (provider: string) => `Whether ${provider} is down is being checked`,
      what: (provider: string) =>
        `Your organisation signs in through ${provider}. It is being checked at this moment whether that is down. Ask for a code again in a minute, or try ${provider}.`,
    },
    down: {
      subject: (provider: string, brand: string) => `${provider} is down: no code for ${brand}`,
      title: (provider: string) => `${provider} is down`,
      what: (provider: string) =>
        `Your organisation signs in through ${provider}, which is down. It does not let this account in by a code meanwhile. If you have enrolled a passkey, try that; otherwise try ${provider} again later.`,
    },
    entered: {
      subject: (provider: string, brand: string) => `You signed in to ${brand} while ${provider} was down`,
      title: (provider: string) => `Signed in without ${provider}`,
      what: (provider: string, brand: string, email: string) =>
        `Somebody signed in to ${brand} as ${email} another way, because ${provider} was down.`,
      after: (provider: string) =>
        `When ${provider} is back, you are asked to sign in through it; until then, ways to sign in, address and roles cannot be changed.`,
      where: 'Browser',
      when: 'When',
      address: 'Network address',
      notYou: 'If it was not you, end that session now and tell the administrators of your organisation.',
      button: 'See your sessions',
    },
    list: {
      subject: (count: number, organization: string) =>
        count === 1
          ? `1 sign-in to ${organization} while its provider was down`
          : `${count} sign-ins to ${organization} while its provider was down`,
      title: (organization: string) => `People of ${organization} signed in another way`,
      what: (organization: string, provider: string) =>
        `${provider} was down. These people of ${organization} were let in another way, as your policy allows.`,
      way: { passkey: 'by passkey', code: 'by a code', link: 'by a link' },
      more: (count: number) => `And ${count} more.`,
      act: (organization: string, brand: string) =>
        `Whoever should not be among them can be removed from ${organization}, under “Members”. If an account is in the hands of somebody else, ask ${brand} to block it.`,
      button: 'See the members',
      why: 'You get this mail because you manage this organisation; at most one in a quarter of an hour.',
    },
    policy: {
      subject: {
        changed: (organization: string) => `How people of ${organization} sign in was changed`,
        waiting: (organization: string) => `How people of ${organization} sign in is going to change`,
        applied: (organization: string) => `How people of ${organization} sign in has changed`,
        withdrawn: (organization: string) => `A change of how ${organization} signs in was withdrawn`,
      },
      title: 'The sign-in policy of your organisation',
      what: {
        changed: (organization: string) =>
          `An administrator of this installation has changed how people of ${organization} sign in. It lets in nobody who was kept out before, and holds from now on.`,
        waiting: (organization: string, time: string) =>
          `An administrator of this installation wants to loosen how people of ${organization} sign in. It takes effect at ${time} at the earliest, and never while the identity provider is down. Until then it can be withdrawn.`,
        applied: (organization: string) =>
          `The looser policy of ${organization} that was announced a day ago has taken effect.`,
        withdrawn: (organization: string) =>
          `The looser policy of ${organization} that was announced will not take effect.`,
      },
      reason: 'Reason given',
      demands: 'Demanded',
      ordinary: 'On ordinary days',
      failOver: 'While the provider is down',
      demanded: { nothing: 'nothing more', provider: 'the identity provider', 'second-factor': 'a second factor' },
      nobody: 'nobody is let in another way',
      failOverOf: (ways: string, days: number, minutes: number) =>
        `${ways}; people seen within ${days} days; sessions of ${minutes} minutes`,
      why: 'If you did not expect this, tell whoever runs this installation.',
    },
  },
}
