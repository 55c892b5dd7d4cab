import { headers, reasons } from '../../../sdk/contract.ts'
import { CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { callers } from '../../ground/documentation/index.ts'
import { DatabaseOutage } from '../../platform/database/index.ts'
import type { Call, Guard } from '../../platform/http/index.ts'
import { refuse } from './refusals.ts'
import type { Sessions } from './open-sessions.ts'

/** The console says in a header that it wants to be known by its own cookie. */
export const audienceOf = (call: Call): string | undefined =>
  call.headers[headers.audience] === CONSOLE_AUDIENCE ? CONSOLE_AUDIENCE : undefined

/** Lets a signed-in person through; in the console's name, as an administrator if that is what they are. */
export function requirePerson(
  verify: Sessions['verify'],
  isAdministrator: (userId: string) => boolean = () => false,
): Guard {
  const guard: Guard = async (call) => {
    const answer = await verify(call, { audience: audienceOf(call) })
    if (answer.verdict === 'unknown') throw new DatabaseOutage('failed', 'whether somebody is signed in is not known')
    if (answer.verdict === 'invalid') {
      const { reason } = answer
      throw reason === 'no_session'
        ? refuse('not_signed_in', { verdict: 'invalid', reason })
        : refuse('ended', { verdict: 'invalid', reason, sentence: reasons[reason], ended_at: answer.ended_at })
    }
    const userId = answer.session.user.id
    const isConsole = audienceOf(call) === CONSOLE_AUDIENCE
    return { userId, sessionId: answer.session.id, isAdministrator: isConsole && isAdministrator(userId) }
  }
  return Object.assign(guard, { security: callers.person.security })
}

export function requireAdministrator(verify: Sessions['verify'], isAdministrator: (userId: string) => boolean): Guard {
  const person = requirePerson(verify, isAdministrator)
  const guard: Guard = async (call) => {
    // Without the header the console's cookie is not read at all: a link from elsewhere can do nothing here.
    const actor = await person({ ...call, headers: { ...call.headers, [headers.audience]: CONSOLE_AUDIENCE } })
    if (!actor?.isAdministrator || audienceOf(call) !== CONSOLE_AUDIENCE) throw refuse('not_administrator')
    return actor
  }
  return Object.assign(guard, { security: callers.administrator.security })
}
