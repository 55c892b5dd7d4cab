import type { Passkey, SignInMethods } from '../../api/wire/fail-over.ts'

/** One that came back from a backup, or that seems copied, opens nothing. */
export const isUsable = ({ is_confirmed, is_copied }: Passkey): boolean => is_confirmed && !is_copied

/**
 * By what somebody still gets in without one of their ways, the strongest first, in words for a list. What the organisations of
 * the person demand is not looked at.
 */
export function waysLeft({ passkeys, linked_identities, email }: SignInMethods, goneId: string): string[] {
  const keys = passkeys.filter((passkey) => passkey.id !== goneId && isUsable(passkey))
  const identities = linked_identities.filter(({ id }) => id !== goneId)
  const providers = new Set(identities.flatMap(({ provider }) => (provider.name === null ? [] : [provider.name])))
  const isProved = email.proved_at !== null || email.asserted_by !== null
  return [
    ...keys.map(({ name }) => `the passkey ${name}`),
    ...providers,
    ...(email.address === '' ? [] : [`a code to ${email.address}${isProved ? '' : ', which nobody has proved yet'}`]),
  ]
}

/** Whether nothing but the removed passkey stood between whoever signs in another way and a new passkey. */
export function isLastPasskey({ passkeys }: SignInMethods, goneId: string): boolean {
  const usable = passkeys.filter(isUsable)
  return usable.length === 1 && usable[0]?.id === goneId
}
