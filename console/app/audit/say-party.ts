import type { AuditEntry, Party } from '../api/wire/audit.ts'

const kinds: Record<string, string> = { holdfast: 'Holdfast', system: 'Holdfast', 'command-line': 'The command line' }

/** The best name there is for who did something, or to whom. */
export function sayParty({ kind, id, label }: Party): string {
  return label ?? kinds[kind] ?? (id || kind)
}

/** `grace@acme.test as ana@acme.test`: who really sat there comes first. */
export function sayActor({ actor, impersonator }: Pick<AuditEntry, 'actor' | 'impersonator'>): string {
  return impersonator ? `${impersonator.label ?? impersonator.id} as ${sayParty(actor)}` : sayParty(actor)
}

/** `signing-key` is `signing key`. */
export function sayKind(kind: string): string {
  return kind.replaceAll('-', ' ').replaceAll('_', ' ')
}
