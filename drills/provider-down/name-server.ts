import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { NamesTable } from './names-table.ts'

/** RFC 1035: a question has at least a header, a root name, a type and a class. */
const HEADER_BYTES = 12
const QUESTION_BYTES_MIN = HEADER_BYTES + 5
const [A, NXDOMAIN] = [1, 3]

/** A resolver on loopback that knows the drill's names and no other; a dead one takes questions and answers none. */
export async function startNameServer(table: string): Promise<{ address: string } & AsyncDisposable> {
  const socket = createSocket('udp4')
  socket.on('message', (question, from) => {
    const { isDead, known } = JSON.parse(readFileSync(table, 'utf8')) as NamesTable
    const answer = isDead ? null : answerTo(question, known)
    // Whoever asked may be gone: nobody is told.
    if (answer) socket.send(answer, from.port, from.address, () => {})
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  // A drill that could not go on must not be kept alive by whom nobody asks any more.
  socket.unref()
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: () => close(socket),
  }
}

async function close(socket: Socket): Promise<void> {
  const closed = once(socket, 'close')
  socket.close()
  await closed
}

/** Null: it is no question. Names that are known lead to this machine, and have no other records. */
export function answerTo(question: Buffer, known: readonly string[]): Buffer | null {
  const asked = readQuestion(question)
  if (!asked) return null
  const isKnown = known.includes(asked.name)
  const isAnswered = isKnown && asked.type === A
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt16BE(question.readUInt16BE(0), 0)
  // An answer, recursion wanted and available.
  header.writeUInt16BE(0x8180 | (isKnown ? 0 : NXDOMAIN), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(isAnswered ? 1 : 0, 6)
  const record = Buffer.from('c00c00010001000000000004' + '7f000001', 'hex')
  return Buffer.concat([header, question.subarray(HEADER_BYTES, asked.end), ...(isAnswered ? [record] : [])])
}

function readQuestion(message: Buffer): { name: string; type: number; end: number } | null {
  const labels: string[] = []
  let at = HEADER_BYTES
  while (message.length >= QUESTION_BYTES_MIN) {
    const length = message[at]
    // Compressed names are in answers only.
    if (length === undefined || length > 63) return null
    at++
    if (length === 0) break
    labels.push(message.toString('latin1', at, at + length).toLowerCase())
    at += length
  }
  if (at === HEADER_BYTES || at + 4 > message.length) return null
  return { name: labels.join('.'), type: message.readUInt16BE(at), end: at + 4 }
}
