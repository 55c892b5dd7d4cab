import { text } from 'node:stream/consumers'
import { type Command, EXIT, refuse } from './command.ts'
import { ask } from './remote/ask.ts'
import { checked, forgetConnection, keepConnection } from './remote/connection.ts'

export const login: Command = {
  summary: 'keep the address and a machine token for the commands below',
  usage: '--url <https://…> < token',
  help: `Reads a machine token from standard input, tries it, and keeps both in ~/.config/holdfast, readable by you only.
HOLDFAST_URL and HOLDFAST_TOKEN go before it. "holdfast logout" forgets them here; the token itself is revoked in the console.

Example: holdfast login --url https://id.acme.example < token.txt`,
  async run(words) {
    const [flag, url, ...rest] = words
    if (flag !== '--url' || url === undefined || rest.length > 0) {
      return refuse('login needs where Holdfast is: holdfast login --url https://…, with the token on standard input.')
    }
    if (process.stdin.isTTY) process.stderr.write('Paste the token, then Enter and Ctrl-D: ')
    const found = checked({ url, token: (await text(process.stdin)).trim() })
    if (found.outcome === 'refused') return refuse(found.line)
    const { connection } = found
    const answered = await ask(connection, { method: 'GET', path: '/v1/token', body: undefined })
    if (answered.outcome === 'failed') {
      process.stderr.write(`holdfast: ${answered.line}\n`)
      return answered.exit
    }
    const { name, environment } = answered.body as { name: string; environment: string }
    const file = keepConnection(connection)
    process.stdout.write(
      `Signed in to ${environment} at ${connection.url} with the token "${name}"; kept in ${file}.\n`,
    )
    return EXIT.done
  },
}

export const logout: Command = {
  summary: 'forget what "login" has kept',
  usage: '',
  help: `The token itself goes on to be good: revoke it with "holdfast tokens delete" or in the console.

Example: holdfast logout`,
  run(words) {
    if (words.length > 0) return refuse(`logout has no option "${words[0]}": see "holdfast logout --help".`)
    process.stdout.write(`Forgotten: ${forgetConnection()}.\n`)
    return EXIT.done
  },
}
