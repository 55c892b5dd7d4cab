import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import type { BackupConfig } from '../backup-settings.ts'
import { BackupFailed } from './refused.ts'
import type { Target } from './target.ts'

/** S3 takes 10 000 parts: 160 GB at this size, which is also what is held in memory. */
const PART_BYTES = 16 * 1024 * 1024
const PARTS_MAX = 10_000
const ASK_MS = 30_000
/** 16 MB at a poor 1 Mbit/s. */
const PART_MS = 150_000
/** All of an archive, at a fair rate. */
const READ_MS = 4 * 60 * 60_000
/** A day of backups is one name; a bucket with more under our prefix than this is used by somebody else. */
const PAGES_MAX = 100
const RETRIES = 4
const RETRY_MS = 100
const TEXT_BYTES_MAX = 1024 * 1024

interface Asked {
  method: string
  path: string
  query?: Record<string, string>
  body?: Uint8Array
  deadlineMs?: number
}

/** Any store that speaks S3 with path-style addresses: Amazon, MinIO, Ceph, Hetzner, Garage. */
export function openS3Target(text: string, settings: BackupConfig['s3']): Target {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(text)!
  const store = openStore(settings)
  const pathOf = (name: string) => `/${bucket}/${prefix ? `${prefix}/` : ''}${name}`
  return {
    label: text,
    names: () => listNames(store, { bucket: bucket!, prefix, label: text }),
    async write(name, bytes) {
      const portions = inPortions(bytes)
      const body = (await portions.next()).value ?? new Uint8Array()
      if (body.length === PART_BYTES) return writeInParts(store, pathOf(name), body, portions)
      const response = await store.done({ method: 'PUT', path: pathOf(name), body, deadlineMs: PART_MS })
      await response.body?.cancel()
    },
    async read(name) {
      const response = await store.done({ method: 'GET', path: pathOf(name), deadlineMs: READ_MS })
      if (!response.body) throw new BackupFailed(`The store answered nothing for ${name}.`)
      return response.body as unknown as AsyncIterable<Uint8Array>
    },
    async readText(name) {
      const response = await store.ask({ method: 'GET', path: pathOf(name) })
      if (response.status === 404) {
        await response.body?.cancel()
        return undefined
      }
      if (!response.ok) throw await refusalOf(response, `GET ${pathOf(name)}`)
      if (Number(response.headers.get('content-length')) > TEXT_BYTES_MAX) {
        throw new BackupFailed(`${name} in ${text} is too large to be ours.`)
      }
      return response.text()
    },
    async remove(name) {
      const response = await store.done({ method: 'DELETE', path: pathOf(name) })
      await response.body?.cancel()
    },
  }
}

interface Store {
  endpoint: string
  /** Whatever the store answers; no answer is a `BackupFailed`. */
  ask(asked: Asked): Promise<Response>
  /** What is not 2xx is a `BackupFailed` too. */
  done(asked: Asked): Promise<Response>
}

function openStore(settings: BackupConfig['s3']): Store {
  const endpoint = settings.endpoint ?? `https://s3.${settings.region}.amazonaws.com`
  const aws = new AwsClient({
    accessKeyId: settings.keyId ?? '',
    secretAccessKey: settings.secret ?? '',
    service: 's3',
    region: settings.region,
    retries: RETRIES,
    initRetryMs: RETRY_MS,
  })

  async function ask({ method, path, query = {}, body, deadlineMs = ASK_MS }: Asked): Promise<Response> {
    const url = `${endpoint}${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''}`
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    try {
      return await aws.fetch(url, {
        method,
        ...(body && { body: body as Uint8Array<ArrayBuffer> }),
        headers: { 'x-amz-content-sha256': sha256 },
        // What is signed for one host is not handed to another.
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      })
    } catch (error) {
      throw new BackupFailed(`The store at ${endpoint} did not answer (${whyOf(error)}).`, { cause: error })
    }
  }

  return {
    endpoint,
    ask,
    async done(asked) {
      const response = await ask(asked)
      if (!response.ok) throw await refusalOf(response, `${asked.method} ${asked.path}`)
      return response
    },
  }
}

/** Nothing is under the name until the store was told that these are all. */
async function writeInParts(
  { endpoint, ask, done }: Store,
  path: string,
  first: Uint8Array,
  portions: AsyncIterator<Uint8Array>,
): Promise<void> {
  const uploadId = tag(await (await done({ method: 'POST', path, query: { uploads: '' } })).text(), 'UploadId')
  if (!uploadId) throw new BackupFailed(`The store at ${endpoint} began no upload.`)
  try {
    const etags: string[] = []
    for (let part: Uint8Array | undefined = first; part; part = (await portions.next()).value) {
      if (etags.length === PARTS_MAX) throw new BackupFailed('The archive is larger than 160 GB: use a folder.')
      const query = { partNumber: String(etags.length + 1), uploadId }
      const response = await done({ method: 'PUT', path, query, body: part, deadlineMs: PART_MS })
      await response.body?.cancel()
      etags.push(response.headers.get('etag') ?? '')
    }
    const list = etags.map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`)
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`)
    const said = await (await done({ method: 'POST', path, query: { uploadId }, body, deadlineMs: PART_MS })).text()
    // S3 answers 200 first and may say afterwards that it failed.
    if (said.includes('<Error>')) throw new BackupFailed(`The store did not complete the upload: ${tag(said, 'Code')}.`)
  } catch (error) {
    // What was sent would be paid for; the first fault is the one to tell.
    await ask({ method: 'DELETE', path, query: { uploadId } }).catch(() => {})
    throw error
  }
}

async function listNames(
  { done }: Store,
  { bucket, prefix, label }: { bucket: string; prefix: string; label: string },
): Promise<string[]> {
  const names: string[] = []
  let token = ''
  for (let page = 0; page < PAGES_MAX; page++) {
    const query = {
      'list-type': '2',
      ...(prefix && { prefix: `${prefix}/` }),
      ...(token && { 'continuation-token': token }),
    }
    const said = await (await done({ method: 'GET', path: `/${bucket}`, query })).text()
    const keys = [...said.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!)
    names.push(...keys.map((key) => key.slice(prefix ? prefix.length + 1 : 0)))
    token = tag(said, 'NextContinuationToken') ?? ''
    if (!token) return names
  }
  throw new BackupFailed(`${label} holds more than ${PAGES_MAX} pages of names: give backups a prefix of their own.`)
}

/** Portions of exactly one part's size, but for the last. */
async function* inPortions(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  let held = new Uint8Array(PART_BYTES)
  let used = 0
  for await (const portion of bytes) {
    for (let from = 0; from < portion.length; ) {
      const taken = portion.subarray(from, from + PART_BYTES - used)
      held.set(taken, used)
      used += taken.length
      from += taken.length
      if (used < PART_BYTES) continue
      yield held
      held = new Uint8Array(PART_BYTES)
      used = 0
    }
  }
  if (used > 0) yield held.subarray(0, used)
  return undefined
}

const tag = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]

async function refusalOf(response: Response, what: string): Promise<BackupFailed> {
  const code = tag((await response.text()).slice(0, TEXT_BYTES_MAX), 'Code') ?? 'no code'
  const hints: Record<number, string> = {
    301: ' Set HOLDFAST_BACKUP_S3_REGION or HOLDFAST_BACKUP_S3_ENDPOINT.',
    403: ' See HOLDFAST_BACKUP_S3_KEY_ID, HOLDFAST_BACKUP_S3_SECRET and the rights of that key.',
    404: ' Is the bucket there?',
  }
  return new BackupFailed(`The store refused ${what}: ${response.status} ${code}.${hints[response.status] ?? ''}`)
}

function whyOf(error: unknown): string {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return 'in time'
  return (cause as { code?: string } | undefined)?.code ?? message
}
