import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { within } from '../platform/deadline.ts'
import { BackupRefused } from './refused.ts'

/** Opens archives. Held by people, never by the installation: whoever takes the machine cannot read its backups. */
export interface RecoveryKey {
  identity: string
  recipient: string
  /** The installation's signer, as it was when the key was made; null: a key made elsewhere. */
  signer: string | null
}

const IDENTITY = /^AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}$/m
const SIGNER = /^# signed by: ([A-Za-z0-9_-]{43})$/m
/** Somebody who has to fetch it from a safe needs their time; a pipe that never closes does not. */
const PROMPT_MS = 10 * 60_000
const KEY_LINES_MAX = 40

export async function newRecoveryKey(signer: string): Promise<RecoveryKey> {
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity), signer }
}

/** As age writes its own: `age -d -i <this file>` opens an archive without Holdfast. */
export function recoveryKeyText(key: RecoveryKey, environment: string): string {
  return [
    `# Recovery key of Holdfast (${environment}). Whoever has it can read every backup; without it nobody can.`,
    `# public key: ${key.recipient}`,
    `# signed by: ${key.signer}`,
    key.identity,
    '',
  ].join('\n')
}

export async function parseRecoveryKey(text: string, from: string): Promise<RecoveryKey> {
  const [identity] = text.match(IDENTITY) ?? []
  if (!identity) throw new BackupRefused(`${from} holds no recovery key (a line that begins with AGE-SECRET-KEY-1).`)
  try {
    return { identity, recipient: await identityToRecipient(identity), signer: SIGNER.exec(text)?.[1] ?? null }
  } catch {
    // The library repeats what it was given.
    throw new BackupRefused(`${from} holds a recovery key that was mistyped or damaged.`)
  }
}

/** From a file, or typed or piped in; never an argument, which every user of the machine could read. */
export async function readRecoveryKey(file: string | undefined): Promise<RecoveryKey> {
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new BackupRefused(`${file} cannot be read (${error.code}): name the recovery key with --recovery-key-file.`)
    })
    return parseRecoveryKey(text, file)
  }
  return parseRecoveryKey(await within(PROMPT_MS, 'whoever has the recovery key', askForKey()), 'The input')
}

async function askForKey(): Promise<string> {
  const { stdin, stderr } = process
  if (stdin.isTTY) {
    stderr.write('Recovery key (AGE-SECRET-KEY-1…, it is not shown): ')
    stdin.setRawMode(true)
  }
  try {
    const lines: string[] = []
    if (stdin.isTTY) return await typedLine()
    for await (const line of createInterface({ input: stdin })) {
      lines.push(line)
      if (IDENTITY.test(line) || lines.length >= KEY_LINES_MAX) break
    }
    return lines.join('\n')
  } finally {
    if (stdin.isTTY) {
      stdin.setRawMode(false)
      stderr.write('\n')
    }
    stdin.destroy()
  }
}

const ENTER = /[\r\n]/
const CTRL_C = '\u0003'
const TYPED_MAX = 4000

async function typedLine(): Promise<string> {
  let typed = ''
  for await (const bytes of process.stdin) {
    typed += String(bytes)
    if (typed.includes(CTRL_C)) throw new BackupRefused('Given up.')
    if (ENTER.test(typed) || typed.length > TYPED_MAX) break
  }
  return typed.replace(ENTER, '\n')
}
