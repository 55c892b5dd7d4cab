import { connect, createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { type Codes, openCodes } from './codes.ts'

/**
 * How the generator learns of codes where no mail is sent: a line each, `person code`, over one connection. A mailer that
 * does nothing at all would leave nobody who knows the code.
 */
export function listenForCodes(port: number): Promise<Codes> {
  const codes = openCodes()
  const server = createServer((socket) => {
    socket.on('error', () => {})
    createInterface({ input: socket }).on('line', (line) => {
      const [person = '', code = ''] = line.split(' ')
      codes.came(person, code)
    })
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(codes))
  })
}

/** The other end. What is said before anybody listens waits in the socket. */
export function tellCodes(port: number): (person: string, code: string) => void {
  const socket: Socket = connect({ host: '127.0.0.1', port }).on('error', () => {})
  socket.setNoDelay()
  return (person, code) => void socket.write(`${person} ${code}\n`)
}
