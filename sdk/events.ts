/** One server-sent event, as the HTML standard §9.2 reads it. */
export interface ServerSentEvent {
  event: string
  data: string
  id: string | undefined
}

/** A key set is 30 kB at most and a revocation 300 bytes: whatever is larger is no feed of ours. */
export const EVENT_BYTES_MAX = 64 * 1024

/** Cuts a byte stream into server-sent events. Throws when one event grows beyond the limit. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let rest = ''
  let fields: string[] = []
  let size = 0
  for await (const text of body.pipeThrough(new TextDecoderStream() as unknown as TextPipe)) {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      size += line.length
      if (size > EVENT_BYTES_MAX) throw new Error('an event of the feed is too large')
      if (line !== '') fields.push(line)
      else {
        const event = readEvent(fields)
        fields = []
        size = 0
        if (event) yield event
      }
    }
    if (rest.length + size > EVENT_BYTES_MAX) throw new Error('an event of the feed is too large')
  }
}

/** Two declarations of the same stream, in `lib.dom` and `node:stream/web`, that differ in name only. */
type TextPipe = ReadableWritablePair<string, Uint8Array>

function readEvent(lines: readonly string[]): ServerSentEvent | undefined {
  const data: string[] = []
  let event = 'message'
  let id: string | undefined
  for (const line of lines) {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (name === 'data') data.push(value)
    if (name === 'event') event = value
    if (name === 'id') id = value
  }
  return data.length > 0 ? { event, data: data.join('\n'), id } : undefined
}
