import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A stand-in for an S3-compatible store on loopback: it checks each signature (SigV4), the digest of each body, and no more. */
export interface ObjectStore extends AsyncDisposable {
  url: string
  objects: Map<string, Buffer>
  /** Uploads that were begun and neither completed nor given up. */
  uploads: Map<string, Map<number, Buffer>>
  /** Every request that was let in, as `PUT /bucket/key?…`. */
  requests: string[]
  /** Answers this way instead of doing it, as long as it returns something. */
  refuse: (request: string) => { status: number; code: string; location?: string } | undefined
}

export interface ObjectStoreOptions {
  region: string
  keyId: string
  secret: string
  /** Names on one page of a list. */
  pageSize?: number
}

const PAGE_SIZE = 1000

export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const store: Omit<ObjectStore, 'url' | typeof Symbol.asyncDispose> = {
    objects: new Map(),
    uploads: new Map(),
    requests: [],
    refuse: () => undefined,
  }
  const server = createServer((request, response) => {
    answer(request, response, store, options).catch((error: Error) => {
      response.destroy(error)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const made = Object.assign(store, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  return made
}

type Inside = Omit<ObjectStore, 'url' | typeof Symbol.asyncDispose>

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  store: Inside,
  options: ObjectStoreOptions,
): Promise<void> {
  const body = await buffer(request)
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const wrong = whyUnsigned(request, url, body, options)
  if (wrong) {
    end(response, 403, `<Error><Code>${wrong}</Code></Error>`)
    return
  }
  const said = `${request.method} ${url.pathname}${url.search}`
  store.requests.push(said)
  const refusal = store.refuse(said)
  if (refusal) {
    if (refusal.location) response.setHeader('location', refusal.location)
    end(response, refusal.status, `<Error><Code>${refusal.code}</Code></Error>`)
    return
  }
  const key = decodeURIComponent(url.pathname.slice(1))
  const uploadId = url.searchParams.get('uploadId')
  if (url.searchParams.has('uploads')) {
    begin(response, store)
    return
  }
  if (uploadId !== null) {
    inUpload({ request, response, url, body, key, uploadId, store })
    return
  }
  if (url.searchParams.get('list-type') === '2') {
    list(response, url, key, store, options.pageSize ?? PAGE_SIZE)
    return
  }
  onObject(request, response, key, body, store)
}

function onObject(request: IncomingMessage, response: ServerResponse, key: string, body: Buffer, { objects }: Inside) {
  const found = objects.get(key)
  if (request.method === 'PUT') objects.set(key, body)
  else if (request.method === 'DELETE') objects.delete(key)
  const isWrite = request.method !== 'GET'
  if (isWrite) end(response, request.method === 'DELETE' ? 204 : 200, '')
  else if (found) end(response, 200, found)
  else end(response, 404, '<Error><Code>NoSuchKey</Code></Error>')
}

function begin(response: ServerResponse, { uploads }: Inside): void {
  const id = `upload-${createHash('sha256').update(String(performance.now())).digest('hex').slice(0, 12)}`
  uploads.set(id, new Map())
  end(response, 200, `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`)
}

function inUpload(asked: {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  body: Buffer
  key: string
  uploadId: string
  store: Inside
}): void {
  const { request, response, url, body, key, uploadId, store } = asked
  const parts = store.uploads.get(uploadId)
  if (!parts) {
    end(response, 404, '<Error><Code>NoSuchUpload</Code></Error>')
    return
  }
  if (request.method === 'DELETE') {
    store.uploads.delete(uploadId)
    end(response, 204, '')
    return
  }
  if (request.method === 'PUT') {
    const number = Number(url.searchParams.get('partNumber'))
    parts.set(number, body)
    response.setHeader('etag', etagOf(body))
    end(response, 200, '')
    return
  }
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)]
  const isWhole = named.every(
    ([, number, etag]) => parts.has(Number(number)) && etagOf(parts.get(Number(number))!) === etag,
  )
  if (!isWhole || named.length !== parts.size) {
    end(response, 400, '<Error><Code>InvalidPart</Code></Error>')
    return
  }
  const whole = named.map(([, number]) => parts.get(Number(number))!)
  store.objects.set(key, Buffer.concat(whole))
  store.uploads.delete(uploadId)
  end(response, 200, '<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
}

const etagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`

function list(response: ServerResponse, url: URL, bucket: string, { objects }: Inside, pageSize: number): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const after = url.searchParams.get('continuation-token') ?? ''
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(`${bucket}/`))
    .map((key) => key.slice(bucket.length + 1))
    .filter((key) => key.startsWith(prefix) && key > after)
    .sort()
  const page = keys.slice(0, pageSize)
  const next = keys.length > pageSize ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  end(response, 200, `<ListBucketResult>${contents}${next}</ListBucketResult>`)
}

function end(response: ServerResponse, status: number, body: string | Buffer): void {
  response.statusCode = status
  response.end(body)
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/** AWS Signature Version 4, computed from what came: nothing of the client's library is used. */
function whyUnsigned(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { region, keyId, secret }: ObjectStoreOptions,
): string | undefined {
  const [, id, day, place, signedHeaders, signature] = AUTHORIZATION.exec(request.headers.authorization ?? '') ?? []
  if (id !== keyId) return 'InvalidAccessKeyId'
  if (place !== region) return 'AuthorizationHeaderMalformed'
  const digest = createHash('sha256').update(body).digest('hex')
  if (request.headers['x-amz-content-sha256'] !== digest) return 'XAmzContentSHA256Mismatch'
  const names = signedHeaders!.split(';')
  if (!names.includes('host') || !names.includes('x-amz-content-sha256')) return 'AccessDenied'
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const headers = names.map((name) => `${name}:${String(request.headers[name]).trim()}\n`).join('')
  const canonical = [request.method, url.pathname, query, headers, signedHeaders, digest].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const hashed = createHash('sha256').update(canonical).digest('hex')
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hashed].join('\n')
  const key = [day!, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (under, part) => createHmac('sha256', under).update(part).digest(),
    `AWS4${secret}`,
  )
  const expected = createHmac('sha256', key).update(text).digest('hex')
  return signature === expected ? undefined : 'SignatureDoesNotMatch'
}

const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
