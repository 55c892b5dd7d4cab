export interface CookieChange {
  name: string
  /** `null` clears it. */
  value: string | null
  maxAgeSeconds?: number
  isSecure: boolean
  sameSite?: 'lax' | 'strict'
}

interface Extras {
  headers?: Record<string, string>
  cookies?: CookieChange[]
}

export type Answer = Extras &
  (
    | { kind: 'json'; status: number; body: unknown }
    | { kind: 'page'; status: number; html: string; formActions?: readonly string[] }
    | { kind: 'text'; status: number; type: string; text: string }
    | { kind: 'bytes'; status: number; type: string; bytes: Buffer }
    | { kind: 'redirect'; status: 303 | 302; location: string }
    | { kind: 'empty'; status: number }
    | { kind: 'events'; start(stream: EventStream): () => void }
    | ({ kind: 'stream' } & TextStream)
  )

/** A file that is made while it is read. What can be refused is refused before it begins. */
export interface TextStream {
  type: string
  /** How a browser saves it. */
  fileName: string
  /** Asked for the next only when the last was taken; ended by `return` when the client has gone. */
  chunks: AsyncIterable<string>
}

export interface EventStream {
  /** False when the client reads too slowly or has gone: the caller stops. */
  send(event: { id?: string; event: string; data: unknown }): boolean
  /** Nothing that a reader sees: proxies cut what is silent for a minute. As `send`. */
  beat(): boolean
  close(): void
}

export const json = (status: number, body: unknown, extras: Extras = {}): Answer => ({
  kind: 'json',
  status,
  body,
  ...extras,
})
/** `formActions`: origins, beside our own, to which a form of this page may come to lead. */
export const page = (
  status: number,
  html: string,
  extras: Extras & { formActions?: readonly string[] } = {},
): Answer => ({
  kind: 'page',
  status,
  html,
  ...extras,
})
export const text = (status: number, type: string, content: string): Answer => ({
  kind: 'text',
  status,
  type,
  text: content,
})
/** As they are: of what was packed or signed beforehand. */
export const bytes = (status: number, type: string, content: Buffer, extras: Extras = {}): Answer => ({
  kind: 'bytes',
  status,
  type,
  bytes: content,
  ...extras,
})
/** 303: what was posted is not posted again by a reload. */
export const redirect = (location: string, extras: Extras = {}): Answer => ({
  kind: 'redirect',
  status: 303,
  location,
  ...extras,
})
export const empty = (status: number, extras: Extras = {}): Answer => ({ kind: 'empty', status, ...extras })
/** Server-sent events. `start` returns what to do when the client has gone. */
export const events = (start: (stream: EventStream) => () => void, extras: Extras = {}): Answer => ({
  kind: 'events',
  start,
  ...extras,
})
export const stream = (file: TextStream): Answer => ({ kind: 'stream', ...file })
