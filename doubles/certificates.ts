import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** A key and its certificate, as `tls` and `https` take them. */
export interface Certificate {
  key: string
  cert: string
}

export interface CertificateOptions {
  /** Names and IPv4 addresses it is good for. */
  hosts: readonly string[]
  from?: Date
  until?: Date
}

export interface CertificateAuthority {
  /** What a client has to trust, so that a fault is the fault of one certificate and nothing else. */
  cert: string
  issue(options: CertificateOptions): Certificate
}

const DAY_MS = 86_400_000
/** Long enough that a machine whose clock is a little off still runs the tests. */
const VALID_MS = 30 * DAY_MS

/**
 * An authority for tests, made on the spot. Written out as DER by hand: Node makes keys and signatures and no certificates,
 * and an `openssl` before 3.4 cannot write one that has run out.
 */
export function makeCertificateAuthority(): CertificateAuthority {
  const name = 'Holdfast doubles'
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const certify = (publicKey: KeyObject, commonName: string, from: Date, until: Date, extensions: Buffer[]) =>
    toPem(signed({ issuer: name, subject: commonName, from, until, publicKey, extensions }, own.privateKey))
  const [from, until] = [new Date(Date.now() - DAY_MS), new Date(Date.now() + VALID_MS)]
  return {
    cert: certify(own.publicKey, name, from, until, [AUTHORITY, SIGNS_CERTIFICATES]),
    issue(options) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const { hosts } = options
      const cert = certify(pair.publicKey, hosts[0]!, options.from ?? from, options.until ?? until, [goodFor(hosts)])
      return { key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, cert }
    },
  }
}

interface Statement {
  issuer: string
  subject: string
  from: Date
  until: Date
  publicKey: KeyObject
  extensions: Buffer[]
}

/** RFC 5280, section 4.1. */
function signed({ issuer, subject, from, until, publicKey, extensions }: Statement, by: KeyObject): Buffer {
  const statement = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // The first byte keeps it positive and not zero.
    integer(Buffer.concat([Buffer.from([0x4a]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(issuer),
    sequence(time(from), time(until)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  return sequence(statement, ECDSA_WITH_SHA256, bits(sign('sha256', statement, by)))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  if (length < 0x1_00) return Buffer.concat([Buffer.from([tag, 0x81, length]), content])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content])
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts)
const integer = (bytes: Buffer) => der(0x02, bytes)
const octets = (bytes: Buffer) => der(0x04, bytes)
const bits = (bytes: Buffer) => der(0x03, Buffer.from([0]), bytes)
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'))
const TRUE = der(0x01, Buffer.from([0xff]))

const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'))
const AUTHORITY = sequence(oid('551d13'), TRUE, octets(sequence(TRUE)))
/** keyCertSign, the fifth bit, and nothing else. */
const SIGNS_CERTIFICATES = sequence(oid('551d0f'), TRUE, octets(Buffer.from([0x03, 0x02, 0x02, 0x04])))

const nameOf = (commonName: string) =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(commonName, 'utf8')))))

const time = (at: Date) => der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`, 'ascii'))

function goodFor(hosts: readonly string[]): Buffer {
  const names = hosts.map((host) =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host, 'ascii')),
  )
  return sequence(oid('551d11'), octets(sequence(...names)))
}

function toPem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g)!
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
