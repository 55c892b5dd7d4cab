import type { ApplicationDirectory } from '../../ground/applications/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Call } from '../../platform/http/index.ts'
import { newId } from '../../platform/id.ts'
import { deviceOf } from '../sessions/index.ts'
import { brandOf } from './brand.ts'
import type { Challenge } from './challenge.ts'
import { type InsteadOfCode, insteadMail } from './fail-over/mails.ts'
import { languageFor } from './hosted/language.ts'
import {
  firstAdministratorMail,
  invitationMail,
  type Letter,
  type Mail,
  newDeviceMail,
  signInMail,
} from './mails/index.ts'
import type { Post } from './post.ts'
import type { User } from './user.ts'
import { wordsFor } from './words/words.ts'

/** A mail as delivery takes it. */
export interface Message extends Mail {
  id: string
  to: string
  /** Never sent after this. */
  expiresAt: Date
  /** `urgent`: somebody is waiting in front of a page. */
  lane: 'urgent' | 'notice'
  purpose: string
}

export interface Delivery {
  send(message: Message): unknown
  /** One for each mail server. */
  status(): readonly { state: 'ok' | 'unknown' | 'failing'; since: Date }[]
}

interface Reader {
  locale?: string | null | undefined
  zone?: string | null | undefined
}

interface Signed {
  user: User
  call: Call
  challenge: Pick<Challenge, 'audience'>
}

export interface AnyMail {
  to: string
  purpose: string
  reader: Reader
  /** In whose name. */
  audience: string
  lane: Message['lane']
  /** A day, when nobody waits for it. */
  expiresAt?: Date
  compose(letter: Letter): Mail
}

export interface InvitationLetter {
  to: string
  /** In whose name: an app's id, or nothing. */
  audience: string
  organization: string
  /** What the inviter is called; null: no name is known, or it was a program. */
  inviter: string | null
  expiresAt: Date
  link: string
  reader: Reader
}

/** Every mail of sign-in. All are written and sent after the answer. */
export interface Mailer {
  /** Since when no mail server takes mail; null: at least one may. */
  awaySince(): Date | null
  signIn(input: {
    challenge: Challenge
    /** Null: the link only. */
    code: string | null
    link: string
    reader: Reader
    /** The provider, by its name, of which the person is known once they have typed it. */
    joins: string | null
    /** False: it is written and thrown away, so that the work is the same. */
    isSent: boolean
    /** What is said to whom a code would be of no use. */
    instead: InsteadOfCode | undefined
    signInUrl: string
  }): void
  newDevice(signed: Signed): void
  firstAdministrator(signed: Signed): void
  /** To one person, in their language and in our own name; it may never arrive. */
  notice(to: Pick<User, 'email' | 'locale' | 'time_zone'>, purpose: string, write: (letter: Letter) => Mail): void
  invitation(letter: InvitationLetter): void
  /** Any other mail; written and sent after the answer. */
  send(mail: AnyMail): void
}

export interface MailerOptions {
  delivery: Delivery
  post: Post
  clock: Clock
  applications: ApplicationDirectory
  environment: string
}

/** A notice that could not be sent for a day tells its reader nothing they could still act on. */
const NOTICE_LIFE_MS = 24 * 3_600_000

export function openMailer(options: MailerOptions): Mailer {
  const { delivery, post, clock, applications } = options

  function letterTo(challenge: Pick<Challenge, 'audience'>, reader: Reader): Letter {
    return { words: wordsFor(reader.locale), brand: brandOf({ applications }, challenge.audience), zone: reader.zone }
  }

  function notice(user: Pick<User, 'email'>, purpose: string, mail: Mail): void {
    const now = clock.now()
    const expiresAt = new Date(now.getTime() + NOTICE_LIFE_MS)
    delivery.send({ ...mail, id: newId('msg', now), to: user.email, expiresAt, lane: 'notice', purpose })
  }

  return {
    awaySince() {
      const servers = delivery.status()
      if (servers.length === 0 || servers.some(({ state }) => state !== 'failing')) return null
      return new Date(Math.max(...servers.map(({ since }) => since.getTime())))
    },
    signIn: ({ challenge, code, link, reader, joins, isSent, instead, signInUrl }) =>
      post.afterAnswer(async () => {
        const { email: to, expires_at: expiresAt, created_at: requestedAt, device_name: device, purpose } = challenge
        const letter = letterTo(challenge, reader)
        const mail = instead
          ? insteadMail(letter, instead, { device, requestedAt, signInUrl })
          : signInMail(letter, { code, linkUrl: link, requestedAt, expiresAt, device, joins })
        if (!isSent) return
        await delivery.send({ ...mail, id: newId('msg', clock.now()), to, expiresAt, lane: 'urgent', purpose })
      }),
    newDevice: ({ user, call, challenge }) =>
      post.afterAnswer(() => {
        const letter = letterTo(challenge, { locale: user.locale ?? languageFor(call), zone: user.time_zone })
        const { name: device, address } = deviceOf(call.headers, call.address)
        const accountUrl = `${call.origin}${call.prefix}/account`
        const props = { email: user.email, device, address: address || null, signedInAt: clock.now(), accountUrl }
        notice(user, 'new-device', newDeviceMail(letter, props))
      }),
    send: ({ to, purpose, reader, audience, lane, expiresAt, compose }) =>
      post.afterAnswer(async () => {
        const now = clock.now()
        const mail = compose({
          words: wordsFor(reader.locale),
          brand: brandOf({ applications }, audience),
          zone: reader.zone,
        })
        const until = expiresAt ?? new Date(now.getTime() + NOTICE_LIFE_MS)
        await delivery.send({ ...mail, id: newId('msg', now), to, expiresAt: until, lane, purpose })
      }),
    notice: (to, purpose, write) =>
      post.afterAnswer(() => {
        const brand = brandOf({ applications }, '')
        notice(to, purpose, write({ words: wordsFor(to.locale), brand, zone: to.time_zone }))
      }),
    firstAdministrator: ({ user, call, challenge }) =>
      post.afterAnswer(() => {
        const letter = letterTo(challenge, { locale: user.locale ?? languageFor(call), zone: user.time_zone })
        const { name: device } = deviceOf(call.headers, call.address)
        const { environment } = options
        const props = {
          email: user.email,
          environment,
          device,
          enrolledAt: clock.now(),
          consoleUrl: `${call.origin}/console/`,
        }
        notice(user, 'first-administrator', firstAdministratorMail(letter, props))
      }),
    invitation: ({ to, audience, reader, link, ...props }) =>
      post.afterAnswer(() => {
        const letter = { words: wordsFor(reader.locale), brand: brandOf({ applications }, audience), zone: reader.zone }
        const now = clock.now()
        const expiresAt = new Date(Math.min(now.getTime() + NOTICE_LIFE_MS, props.expiresAt.getTime()))
        const mail = invitationMail(letter, { ...props, linkUrl: link })
        delivery.send({ ...mail, id: newId('msg', now), to, expiresAt, lane: 'notice', purpose: 'invitation' })
      }),
  }
}
