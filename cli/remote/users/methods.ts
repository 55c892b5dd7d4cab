import { createInterface } from 'node:readline/promises'
import { printable } from '../ask.ts'
import type { Connection } from '../connection.ts'
import { answerOf, at, Ended, ending, print, printJson, refused } from '../flags/asking.ts'
import { detailOf, tableOf } from '../print.ts'
import type { Asked } from '../read-words.ts'

interface Passkey {
  id: string
  name: string
  is_confirmed: boolean
  is_copied: boolean
  last_used_at: string | null
}
interface LinkedIdentity {
  id: string
  provider: { id: string; name: string | null }
  subject: string
  last_proved_at: string
  closed_at: string | null
  closed_reason: string | null
}
interface Methods {
  email: { address: string; proved_at: string | null; asserted_by: string | null }
  passkeys: Passkey[]
  linked_identities: LinkedIdentity[]
  recovery_codes_left: number
}

const columns = [
  ['way', 'way'],
  ['id', 'id'],
  ['name', 'name'],
  ['last used', 'used'],
  ['state', 'state'],
] as const

/** A row for each way in, and one for the recovery codes. */
export const showMethods = (connection: Connection, asked: Asked) =>
  ending(async () => {
    const methods = await methodsOf(connection, await userIn(connection, asked))
    if (asked.isJson) return printJson(methods)
    process.stdout.write(tableOf(columns, rowsOf(methods)))
  })

function rowsOf({ email, passkeys, linked_identities: identities, recovery_codes_left: left }: Methods) {
  return [
    ...passkeys.map((passkey) => ({
      ...{ way: 'passkey', id: passkey.id, name: passkey.name },
      ...{ used: passkey.last_used_at, state: stateOfPasskey(passkey) },
    })),
    ...identities.map(({ id, provider, subject, last_proved_at: used, closed_reason: closed }) => ({
      ...{ way: 'identity', id, name: `${nameOf(provider)}: ${subject}`, used },
      state: closed === null ? 'open' : `closed for outages: ${closed}`,
    })),
    { way: 'mailbox', name: email.address, state: stateOfMailbox(email) },
    { way: 'recovery codes', state: `${left} left` },
  ]
}

const nameOf = ({ id, name }: LinkedIdentity['provider']) => name ?? `${id}, which was removed`

function stateOfPasskey({ is_copied, is_confirmed }: Passkey): string {
  if (is_copied) return 'seems copied: opens nothing'
  return is_confirmed ? 'open' : 'from a backup: opens nothing until confirmed'
}

function stateOfMailbox({ proved_at, asserted_by }: Methods['email']): string {
  if (proved_at !== null) return 'proved'
  return asserted_by === null ? 'not proved yet' : `vouched for by ${asserted_by}`
}

export const removePasskey = (connection: Connection, asked: Asked) =>
  ending(async () => {
    const userId = await userIn(connection, asked)
    const methods = await methodsOf(connection, userId)
    const id = wayIn(asked)
    const passkey = methods.passkeys.find((each) => each.id === id)
    if (!passkey) throw noSuch('passkey', { id, userId, methods })
    const what = `the passkey ${passkey.name} of ${methods.email.address}`
    await assured(asked, [
      `This removes ${what}: no restore brings it back. They are told by mail.`,
      left(methods, id),
      ...lastPasskey(methods, id),
    ])
    await remove(connection, `/v1/users/${at(userId)}/passkeys/${at(id)}`, 'identity.no_passkey')
    if (asked.isJson) printJson({})
    else print(`Done: ${what} is removed. "holdfast users end-sessions ${userId}" signs them out everywhere.`)
  })

export const removeIdentity = (connection: Connection, asked: Asked) =>
  ending(async () => {
    const userId = await userIn(connection, asked)
    const methods = await methodsOf(connection, userId)
    const id = wayIn(asked)
    const identity = methods.linked_identities.find((each) => each.id === id)
    if (!identity) throw noSuch('linked identity', { id, userId, methods })
    const what = `${identity.subject} at ${nameOf(identity.provider)}, linked to ${methods.email.address}`
    const told = `This removes ${what}: by that provider they come in again once they have proved their address. They are told by mail.`
    await assured(asked, [told, left(methods, id)])
    await remove(connection, `/v1/users/${at(userId)}/linked-identities/${at(id)}`, 'identity.no_linked_identity')
    if (asked.isJson) printJson({})
    else print(`Done: ${what}, is removed.`)
  })

/** Closes an identity for outages, or opens it again: the address says which. */
export const changeIdentity = (connection: Connection, asked: Asked) =>
  ending(async () => {
    const userId = await userIn(connection, asked)
    const change = asked.path.split('/').at(-1)!
    const path = `/v1/users/${at(userId)}/linked-identities/${at(wayIn(asked))}/${change}`
    const changed = await answerOf<LinkedIdentity>(connection, `POST ${path}` as 'POST /', asked.body)
    if (asked.isJson) printJson(changed)
    else process.stdout.write(detailOf(changed))
  })

const placeIn = ({ path }: Asked, place: number) => decodeURIComponent(path.split('?')[0]!.split('/')[place]!)
const wayIn = (asked: Asked) => placeIn(asked, 5)

/** Whoever asks support has an address, and no id. The list finds beginnings of words too: one that is not this very one is not meant. */
async function userIn(connection: Connection, asked: Asked): Promise<string> {
  const said = placeIn(asked, 3).trim()
  if (!said.includes('@')) return said
  const { data } = await answerOf<{ data: { id: string; email: string | null }[] }>(
    connection,
    `GET /v1/users?query=${at(said)}&limit=2`,
  )
  const found = data.find(({ email }) => email !== null && folded(email) === folded(said))
  if (found) return found.id
  throw refused(`nobody is known by ${printable(said)}. "holdfast users list --query …" finds their id.`)
}

const folded = (address: string) => address.normalize('NFKC').toLowerCase()

const methodsOf = (connection: Connection, userId: string) =>
  answerOf<Methods>(connection, `GET /v1/users/${at(userId)}/sign-in-methods`)

function noSuch(what: string, { id, userId, methods }: { id: string; userId: string; methods: Methods }): Ended {
  const list = `"holdfast users sign-in-methods ${userId}" lists what there is.`
  return refused(printable(`${methods.email.address} has no ${what} ${id}: ${list} Nothing was done.`))
}

/** What still lets them in; what the organisations of the person demand is not looked at. */
function left({ passkeys, linked_identities: identities, email }: Methods, goneId: string): string {
  const keys = passkeys.filter((passkey) => passkey.id !== goneId && isUsable(passkey))
  const others = identities.filter(({ id, provider }) => id !== goneId && provider.name !== null)
  const ways = [
    ...keys.map(({ name }) => `the passkey ${name}`),
    ...new Set(others.map(({ provider }) => provider.name)),
  ]
  const mailbox = `a code to ${email.address}`
  return ways.length === 0
    ? `The last way in is then ${mailbox}.`
    : `They still get in by ${ways.join(', ')} or ${mailbox}.`
}

const isUsable = ({ is_copied, is_confirmed }: Passkey) => is_confirmed && !is_copied

function lastPasskey({ passkeys }: Methods, goneId: string): string[] {
  const usable = passkeys.filter(isUsable)
  if (usable.length !== 1 || usable[0]!.id !== goneId) return []
  return ['It is their last passkey: whoever signs in by what is left can add a new one. Be sure who asks.']
}

/** There is no way back: a terminal is asked, and a script says --yes. */
async function assured({ isJson, path }: Asked, lines: readonly string[]): Promise<void> {
  const isSure = new URLSearchParams(path.split('?')[1]).has('yes')
  if (isSure && isJson) return
  if (isSure) return print(...lines)
  const told = printable(lines.join(' '))
  if (!process.stdin.isTTY) throw refused(`${told} Say so with --yes. Nothing was done.`)
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const typed = await terminal.question(`${told}\nType yes to go ahead: `)
  terminal.close()
  if (typed.trim() !== 'yes') throw refused('that is no yes. Nothing was done.')
}

/** It was there a moment ago: gone now, it is what was asked for, by us when an answer was lost. */
async function remove(connection: Connection, path: string, gone: string): Promise<void> {
  try {
    await answerOf<undefined>(connection, `DELETE ${path}` as 'DELETE /')
  } catch (error) {
    if (!(error instanceof Ended) || !error.line?.includes(` answered 404 ${gone}:`)) throw error
  }
}
