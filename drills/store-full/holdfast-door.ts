import { cookieName, cookies as cookieNames } from '../../sdk/contract.ts'
import { type Front, seenOf, signIn } from '../database-hang/holdfast-door.ts'
import type { Mailbox } from '../holdfast/mailbox.ts'
import type { Ask, Target } from '../load/request.ts'
import type { Door, KnownSession } from './door.ts'

const HANDLE = cookieName(cookieNames.handle, false)
const ADDRESSES_MAX = 2 ** 24

/** Two access processes on one database and one cache. What one knows from memory, the other has to look up. */
export interface Doors {
  first: Target
  second: Target
  mailbox: Mailbox
}

export function holdfastDoor({ first, second, mailbox }: Doors): Door {
  let people = 0
  /** By the handle alone, so that no proof speaks for it. */
  const ask = async (target: Target, jar: Record<string, string>, signal: AbortSignal) => {
    const headers = { cookie: `${HANDLE}=${jar[HANDLE]}` }
    return seenOf(await target.send({ method: 'GET', path: '/v1/session', headers, signal }))
  }
  return {
    check: ({ subject, cookies }, signal) => ask(doorOf(subject, { first, second }), cookies, signal),
    async signIn(person, signal) {
      const front: Front = { target: fromAddress(first, people++), prefix: '' }
      const seen = await signIn({ front, mailbox, person, way: 'direct', triesMax: 1 }, signal)
      if (seen.outcome !== 'valid') return seen
      const { cookies } = seen.keep as KnownSession
      const page = await ask(second, cookies, signal)
      if (page.outcome !== 'valid') return { outcome: page.outcome, note: `first page: ${page.note ?? page.outcome}` }
      return { outcome: 'valid', source: page.source, keep: cookies }
    },
  }
}

/** Half of the people come by one door, half by the other; whoever signs out does so at the other one than they are checked at. */
export const doorOf = (subject: number, { first, second }: Pick<Doors, 'first' | 'second'>) =>
  subject % 2 === 0 ? second : first

/**
 * People come from everywhere, through a load balancer that says from where: from one address access would slow down
 * hundreds of sign-ins, and rightly.
 */
function fromAddress(target: Target, index: number): Target {
  const [high, middle, low] = [16, 8, 0].map((shift) => (((index * 256 + 1) % ADDRESSES_MAX) >> shift) & 255)
  const address = `10.${high}.${middle}.${low}`
  return {
    ...target,
    send: (ask: Ask) => target.send({ ...ask, headers: { ...ask.headers, 'x-forwarded-for': address } }),
  }
}
