import type { Party } from '../api/wire/audit.ts'

const kinds: Record<string, string> = { holdfast: 'Holdfast', system: 'Holdfast', 'command-line': 'The command line' }

/** The best name there is for who did something, or to whom. */
export function sayParty({ kind, id, label }: Party): string {
  return label ?? kinds[kind] ?? (id || kind)
}

/** `signing-key` is `signing key`. */
export function sayKind(kind: string): string {
  return kind.replaceAll('-', ' ').replaceAll('_', ' ')
}
