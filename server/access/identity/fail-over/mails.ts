import { type Letter, type Mail, mailOf, mailTime, plainDevice } from '../mails/mail.ts'
import type { FailOverSignIn } from './queries.ts'
import type { SignInPolicy, Way } from './policy.ts'

/** What is mailed instead of a code, to whom a code would be of no use. */
export type InsteadOfCode =
  | { kind: 'provider' | 'wait' | 'down'; provider: string }
  | { kind: 'other'; ways: readonly Way[] }

/** Only the mail tells people apart: the page, its status and its time are the same for everybody of a domain. */
export function insteadMail(
  letter: Letter,
  instead: InsteadOfCode,
  props: { device: string; requestedAt: Date; signInUrl: string },
): Mail {
  const words = letter.words.failOver
  const { mails } = words
  const { subject, title, what } = said(letter, instead)
  return mailOf(letter, subject, title, [
    { kind: 'text', text: what },
    { kind: 'button', label: mails.button, url: props.signInUrl },
    { kind: 'quiet', text: mails.asked(plainDevice(letter, props.device), mailTime(letter, props.requestedAt)) },
    { kind: 'quiet', text: mails.notYou },
  ])
}

function said(letter: Letter, instead: InsteadOfCode): { subject: string; title: string; what: string } {
  const { mails } = letter.words.failOver
  const brand = letter.brand.name
  if (instead.kind === 'other') {
    const { subject, title, what } = mails.other
    return { subject: subject(brand), title, what: what(waysOf(letter, instead.ways)) }
  }
  const { provider } = instead
  const { title, what } = mails[instead.kind]
  const subject = instead.kind === 'wait' ? mails.wait.subject(provider) : mails[instead.kind].subject(provider, brand)
  return { subject, title: title(provider), what: what(provider) }
}

const waysOf = (letter: Letter, ways: readonly Way[]) => ways.map((way) => letter.words.failOver.ways[way]).join(', ')

/** To the person: somebody came in as them, another way than ever. */
export function enteredMail(
  letter: Letter,
  props: { email: string; provider: string; device: string; address: string | null; at: Date; accountUrl: string },
): Mail {
  const words = letter.words.failOver.mails.entered
  const brand = letter.brand.name
  const facts: [string, string][] = [
    [words.where, plainDevice(letter, props.device)],
    [words.when, mailTime(letter, props.at)],
  ]
  if (props.address) facts.push([words.address, props.address])
  return mailOf(letter, words.subject(props.provider, brand), words.title(props.provider), [
    { kind: 'text', text: words.what(props.provider, brand, props.email) },
    { kind: 'facts', facts },
    { kind: 'text', text: words.after(props.provider) },
    { kind: 'text', text: words.notYou },
    { kind: 'button', label: words.button, url: props.accountUrl },
  ])
}

export interface ListedSignIn extends Pick<FailOverSignIn, 'method' | 'at'> {
  email: string
}

/** To those who manage the organisation: they can remove a member, and blocking is for whoever runs the installation. */
export function listMail(
  letter: Letter,
  props: {
    organization: string
    provider: string
    signIns: readonly ListedSignIn[]
    more: number
    membersUrl: string
  },
): Mail {
  const words = letter.words.failOver.mails.list
  const { organization, provider, signIns, more } = props
  return mailOf(letter, words.subject(signIns.length + more, organization), words.title(organization), [
    { kind: 'text', text: words.what(organization, provider) },
    {
      kind: 'facts',
      facts: signIns.map(({ email, method, at }) => [email, `${words.way[method]}, ${mailTime(letter, at)}`]),
    },
    ...(more > 0 ? [{ kind: 'text', text: words.more(more) } as const] : []),
    { kind: 'text', text: words.act(organization, letter.brand.name) },
    { kind: 'button', label: words.button, url: props.membersUrl },
    { kind: 'quiet', text: words.why },
  ])
}

export type PolicyNews = { kind: 'changed' | 'applied' | 'withdrawn' } | { kind: 'waiting'; takesEffectAt: Date }

/** To those who manage the organisation: who can open their door, and when. */
export function policyMail(
  letter: Letter,
  news: PolicyNews,
  props: { organization: string; policy: SignInPolicy; reason: string | null },
): Mail {
  const words = letter.words.failOver.mails.policy
  const { organization, policy, reason } = props
  const { demands, ordinary, fail_over: failOver } = policy
  const what =
    news.kind === 'waiting'
      ? words.what.waiting(organization, mailTime(letter, news.takesEffectAt))
      : words.what[news.kind](organization)
  const facts: [string, string][] = [
    [words.demands, words.demanded[demands]],
    [words.ordinary, waysOf(letter, ordinary)],
    [
      words.failOver,
      failOver
        ? words.failOverOf(waysOf(letter, failOver.ways), failOver.seen_within_days, failOver.session_minutes)
        : words.nobody,
    ],
    ...(reason ? [[words.reason, reason] as [string, string]] : []),
  ]
  return mailOf(letter, words.subject[news.kind](organization), words.title, [
    { kind: 'text', text: what },
    { kind: 'facts', facts },
    { kind: 'quiet', text: words.why },
  ])
}
