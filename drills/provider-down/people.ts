import { customers, type Customer } from './customers.ts'
import type { Person as AtProvider } from './outside-process.ts'
import type { Plan } from './plan.ts'

/** Somebody in the drill. All were here before the outage: linked to their provider, with a picture and a telephone number. */
export interface Member {
  subject: number
  email: string
  name: string
  customer: string
  /** Who they are at their provider. */
  sub: string
  /** What they have beside the provider. */
  has: 'passkey' | 'email'
  /** `comes`: signs in again and again. `stays`: is signed in all along. `refused`: must not be let in another way. */
  role: 'comes' | 'stays' | 'refused'
  /** Why not. */
  refusedFor?: RefusedFor
  /** Kept since long before, and to be found unchanged: in 2018 photos and telephone settings had to be carried over. */
  picture: string
  phone: string
}

/**
 * `no_fail_over`: the organisation wants none. `demands_provider`: an e-mailed code in an organisation that demands its provider.
 * `demands_two`: the same where two factors are demanded. `not_seen_lately`: no id_token for longer than the policy allows.
 * `address_too_new`: the address is younger than the policy allows. `closed`: closed by an administrator meanwhile. `blocked`.
 */
export type RefusedFor =
  | 'no_fail_over'
  | 'demands_provider'
  | 'demands_two'
  | 'not_seen_lately'
  | 'address_too_new'
  | 'closed'
  | 'blocked'

/** Of whom it is one of the customers whose fall-back opens, so that it is open when they knock. */
const refused: { customer: string; has: Member['has']; refusedFor: RefusedFor }[] = [
  { customer: 'hang', has: 'email', refusedFor: 'no_fail_over' },
  { customer: 'hang', has: 'passkey', refusedFor: 'no_fail_over' },
  { customer: 'name', has: 'email', refusedFor: 'demands_provider' },
  { customer: 'reset', has: 'email', refusedFor: 'demands_two' },
  { customer: 'drip', has: 'email', refusedFor: 'not_seen_lately' },
  { customer: 'drip', has: 'passkey', refusedFor: 'not_seen_lately' },
  { customer: 'tls-expired', has: 'email', refusedFor: 'address_too_new' },
  { customer: 'future', has: 'email', refusedFor: 'closed' },
  { customer: 'future', has: 'passkey', refusedFor: 'closed' },
  { customer: 'tls-expired', has: 'passkey', refusedFor: 'blocked' },
]

export function membersOf({
  seed,
  comersEach,
  stayersEach,
}: Pick<Plan, 'seed' | 'comersEach' | 'stayersEach'>): Member[] {
  const rows = [
    ...customers.flatMap((one) =>
      Array.from({ length: comersEach }, (_, index) => ({ one, role: 'comes' as const, has: meansOf(one, index) })),
    ),
    ...customers.flatMap((one) =>
      Array.from({ length: stayersEach }, (_, index) => ({ one, role: 'stays' as const, has: meansOf(one, index) })),
    ),
    ...refused.map(({ customer, ...rest }) => ({
      one: customers.find(({ key }) => key === customer)!,
      role: 'refused' as const,
      ...rest,
    })),
  ]
  return rows.map(({ one, ...rest }, subject) => ({
    subject,
    email: `person-${seed}-${subject}@${one.domain}`,
    name: `Person ${subject}`,
    customer: one.key,
    sub: `${one.key}|${subject}`,
    picture: `https://pictures.example.com/${subject}.png`,
    phone: `+49 30 ${100_000 + subject}`,
    ...rest,
  }))
}

/** Where two factors or the provider are demanded only a passkey helps; elsewhere every second has only a mailbox. */
function meansOf({ policy }: Customer, index: number): Member['has'] {
  if (policy === 'provider' || policy === 'second_factor') return 'passkey'
  return index % 2 === 0 ? 'passkey' : 'email'
}

/** As their provider tells of them. */
export const atProvider = ({ sub, email, name, picture }: Member): AtProvider => ({
  ...{ sub, email, email_verified: true, name, picture },
})

/** Those without fail-over are an organisation of their own at the same provider; whose key it is. */
export const organizationOf = ({ customer, refusedFor }: Member) =>
  refusedFor === 'no_fail_over' ? `${customer}-strict` : customer
