/** Reads a whole body as bytes, and no more than `max` of them; undefined when there are more. */
export async function readBody(
  body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null,
  max: number,
): Promise<Buffer | undefined> {
  if (!body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // Leaving the loop cancels the stream: the rest is not read.
    if (size > max) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
