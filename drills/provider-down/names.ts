/**
 * The resolver of a process under drill: `node --import names.ts`. Names of the drill lead where its table says, as an `/etc/hosts` of
 * its own that can change while the process runs; all other names are looked up as ever. A look-up reads the table anew, so a
 * name that is taken away is gone at once, and a dead resolver answers nobody.
 */
import dns from 'node:dns'
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { isIP } from 'node:net'
import { type NamesTable, OF_THE_DRILL } from './names-table.ts'

const path = process.env.DRILL_NAMES
if (path) standBefore(path)

function standBefore(path: string): void {
  const { lookup } = dns
  const lookupLater = dns.promises.lookup
  const isOurs = (host: string) => isIP(host) === 0 && OF_THE_DRILL.test(host)

  const own = (host: string, options: unknown, callback?: Callback) => {
    const answer = (callback ?? options) as Callback
    const asked = (callback && typeof options === 'object' ? options : {}) as dns.LookupOptions
    if (!isOurs(host)) return Reflect.apply(lookup, dns, callback ? [host, options, callback] : [host, options])
    const fault = faultOf(path, host)
    if (fault) return void process.nextTick(() => answer(fault, '', 0))
    process.nextTick(() => (asked.all ? answer(null, [FOUND]) : answer(null, FOUND.address, FOUND.family)))
  }
  const ownLater = async (host: string, asked: dns.LookupOptions = {}) => {
    if (!isOurs(host)) return lookupLater(host, asked)
    const fault = faultOf(path, host)
    if (fault) throw fault
    return asked.all ? [FOUND] : FOUND
  }
  Object.assign(dns, { lookup: own })
  Object.assign(dns.promises, { lookup: ownLater })
  // Who imported `lookup` by its name gets this one as well.
  syncBuiltinESMExports()
}

type Callback = (error: Error | null, address: string | dns.LookupAddress[], family?: number) => void

const FOUND: dns.LookupAddress = { address: '127.0.0.1', family: 4 }

function faultOf(path: string, host: string): Error | null {
  const { isDead, known } = JSON.parse(readFileSync(path, 'utf8')) as NamesTable
  const code = isDead ? 'EAI_AGAIN' : known.includes(host) ? null : 'ENOTFOUND'
  if (code === null) return null
  return Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, syscall: 'getaddrinfo', hostname: host })
}
