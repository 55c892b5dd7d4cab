import { BackupRefused } from './refused.ts'

/** `value`: takes the next word. `values`: may be said again. `flag`: stands alone. */
type Kind = 'value' | 'values' | 'flag'

const reading = { 'recovery-key-file': 'value', 'signed-by': 'value', json: 'flag' } as const
export const BACKUP_WORDS = {
  backup: { to: 'value', json: 'flag' },
  init: { 'recovery-key-file': 'value', json: 'flag' },
  prove: { ...reading, from: 'value', to: 'value' },
  restore: {
    ...reading,
    from: 'value',
    to: 'value',
    into: 'value',
    revocations: 'values',
    tombstones: 'values',
    'keep-sessions': 'flag',
  },
} as const satisfies Record<string, Record<string, Kind>>

export interface Flags {
  json?: true
  to?: string
  from?: string
  into?: string
  'recovery-key-file'?: string
  'signed-by'?: string
  'keep-sessions'?: true
  revocations?: string[]
  tombstones?: string[]
}

/** What a command does not know it says, instead of ignoring it. */
export function readFlags(words: readonly string[], known: Readonly<Record<string, Kind>>): Flags {
  const flags: Record<string, string | string[] | true> = {}
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    const name = word.slice(2)
    const kind = word.startsWith('--') && Object.hasOwn(known, name) ? known[name] : undefined
    if (!kind)
      throw new BackupRefused(
        `There is no option "${word}" here: see "holdfast help backup" or "holdfast help restore".`,
      )
    if (kind === 'flag') {
      flags[name] = true
      continue
    }
    const value = words[++index]
    if (value === undefined || value.startsWith('--')) throw new BackupRefused(`--${name} needs a value behind it.`)
    if (kind === 'value') flags[name] = value
    else flags[name] = [...((flags[name] as string[] | undefined) ?? []), value]
  }
  return flags as Flags
}
