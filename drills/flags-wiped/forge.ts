import { createHash } from 'node:crypto'

/**
 * A delivery with a greater number and no flag in it, whose digest is right and which nobody has signed: what somebody makes who can write where
 * access reads, and has no key. The signature is that of the delivery it was made from.
 */
export function forgeEmpty(text: string): string {
  const [header, body] = text.split('\n').map((line, index) => (index < 2 ? JSON.parse(line) : line))
  const forged = JSON.stringify({ ...body, epoch: body.epoch + 1, seq: 1, count: 0, flags: {}, tombstones: [] })
  const digest = createHash('sha256').update(forged).digest('base64url')
  return `${JSON.stringify({ ...header, digest })}\n${forged}\n`
}
