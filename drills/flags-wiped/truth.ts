/**
 * What is right, by arithmetic: the drill knows the answer to every question without asking anybody. Each flag is on for
 * half of the organisations, each organisation has half of the flags.
 */
export const FLAGS = 500
export const ORGANIZATIONS = 20
const PATTERN = 10

export const keyOf = (flag: number) => `feature-${flag}`
export const organizationOf = (organization: number) => `org_${organization}`

export function isOn(flag: number, organization: number): boolean {
  return (flag * 3 + organization * 7) % PATTERN < PATTERN / 2
}

/** Whom a flag is on for, as a person would have written it down; `turned`: exactly the others. */
export function organizationsOf(flag: number, { isTurned }: { isTurned: boolean }): string[] {
  const all = Array.from({ length: ORGANIZATIONS }, (_, organization) => organization)
  return all.filter((organization) => isOn(flag, organization) !== isTurned).map(organizationOf)
}

/** As flagd writes it. `turned` answers every question wrongly, and is as valid: nobody sees by its shape that it is not meant. */
export function definitionOf({ isTurned }: { isTurned: boolean }) {
  const flags = Array.from({ length: FLAGS }, (_, flag) => [keyOf(flag), flagOf(organizationsOf(flag, { isTurned }))])
  return { flags: Object.fromEntries(flags) as Record<string, ReturnType<typeof flagOf>> }
}

const flagOf = (organizations: string[]) => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant: 'off',
  targeting: { if: [{ in: [{ var: 'organization' }, organizations] }, 'on', 'off'] },
})
