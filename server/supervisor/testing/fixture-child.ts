import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { env } from 'node:process'

/** A child as the supervisor wants it. What a test asks of it lies in a file of the data folder. */
const [name = ''] = process.argv.slice(2)
const folder = env.HOLDFAST_DATA!
const asked = existsSync(join(folder, `${name}.asked`)) ? readFileSync(join(folder, `${name}.asked`), 'utf8') : ''
const port = Number(name === 'access' ? env.HOLDFAST_ACCESS_PORT : env.HOLDFAST_DEMO_PORT)
const note = (what: string) => appendFileSync(join(folder, 'happened'), `${name} ${what}\n`)

if (asked.includes('refuse')) {
  process.stderr.write('holdfast: the store bears the stamp of "production", and this is "development".\n')
  process.exit(2)
}
if (asked.includes('crash')) throw new Error('this child was asked to crash')

note(`started ${process.pid}`)
createServer((request, response) => {
  if (request.url === '/crash') process.exit(7)
  response.end('ok')
}).listen(port, '127.0.0.1')
process.send?.({ kind: 'first-administrator', url: 'http://localhost/enrol/once' })
process.stdout.write('{"level":"info","msg":"quiet"}\n{"level":"warn","msg":"worth a look","reason":"a test"}\n')

process.on('SIGTERM', () => {
  note('ended')
  if (!asked.includes('deaf')) process.exit(0)
})
process.on('disconnect', () => process.exit(0))
