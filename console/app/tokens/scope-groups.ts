import { allScopes, type Scope, scopes } from '../api/wire/scopes.ts'

const names: Record<string, string> = {
  overview: 'Overview',
  users: 'Users',
  sessions: 'Sessions',
  organizations: 'Organisations',
  applications: 'Applications',
  providers: 'Providers',
  tokens: 'Tokens',
  flags: 'Flags',
  audit: 'Audit',
  settings: 'Installation',
}

export interface ScopeGroup {
  noun: string
  name: string
  scopes: readonly Scope[]
}

/** By what they are about, in the order of access. A noun that this console does not know yet is called as access calls it. */
export function groupScopes(given: Iterable<Scope>): ScopeGroup[] {
  const wanted = new Set(given)
  const groups = Map.groupBy(
    allScopes.filter((scope) => wanted.has(scope)),
    nounOf,
  )
  return [...groups].map(([noun, its]) => ({ noun, name: names[noun] ?? noun, scopes: its }))
}

/** A scope from a newer access has no sentence here, and is shown as it is written. */
export function meaningOf(scope: Scope): string {
  return scopes[scope] ?? scope
}

function nounOf(scope: Scope): string {
  return scope.slice(0, scope.indexOf(':'))
}
