import type { Actor, Call, Guard } from '../../platform/http/index.ts'

/** Who this is; the guard refuses everybody else. */
export async function ownerBy(guard: Guard, call: Call): Promise<Actor> {
  const actor = await guard(call)
  if (!actor) throw new Error('a guard of people let somebody through who is nobody')
  return actor
}
