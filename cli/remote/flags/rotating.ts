import type { Connection } from '../connection.ts'
import type { Asked } from '../read-words.ts'
import { answerOf, ending, print, printJson } from './asking.ts'
import { agreed } from './confirming.ts'

interface Trust {
  fingerprint: string
  key_list: { number: number; keys: string[] } | null
}

/** Tells which key goes, asks for the number of the list that has it, and only then has flags signed by another. */
export const rotateKey = (connection: Connection, { body, isJson }: Asked) =>
  ending(async () => {
    const { confirm, dry_run: isDry, ...input } = body ?? {}
    const trust = await answerOf<Trust>(connection, 'GET /v1/flags/trust')
    if (isDry && isJson) return printJson({ dry_run: true, ...trust })
    if (!isJson) tell(trust)
    if (isDry) return
    const { key_list: list } = trust
    if (list) await agreed(`this replaces the key of list ${list.number} for good`, list.number, confirm)
    const done = await answerOf<{ number: string }>(connection, 'POST /v1/flags/rotate-key', input)
    if (isJson) printJson(done)
    else print(`Done: ${done.number} is signed by another key. "holdfast flags fleet" tells who follows.`)
  })

function tell({ fingerprint, key_list: list }: Trust): void {
  if (list) print(`Flags are signed by ${list.keys.join(', ')}, key list ${list.number}.`)
  print(`Another key signs from then on, and this one is never believed again. No answer changes.`)
  print(`The fingerprint that apps pin stays: ${fingerprint}.`)
}
