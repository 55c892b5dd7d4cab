import { createHash, createHmac } from 'node:crypto'
import { FORWARD_KEY_CONTEXT, forwardedMessage, headers } from './contract.ts'

/** Where the SDK's part of an app's origin begins. */
export const AUTH_PREFIX = '/auth'

/** Proves to access on whose behalf we speak, and where the browser is that we speak for. */
export type SignRequest = (request: {
  method: string
  /** Path and query as access receives them. */
  path: string
  origin: string
  address: string
}) => Record<string, string>

export function requestSigner(options: { key: string; application(): string | null; now(): number }): SignRequest {
  const secret = createHash('sha256').update(FORWARD_KEY_CONTEXT).update(options.key).digest()
  return ({ method, path, origin, address }) => {
    const application = options.application()
    // Unsigned it would be a request of our own machine's: access would take it for another application's, or refuse it.
    if (application === null) throw new Error('holdfast: the application is not known yet')
    const timestampMs = options.now()
    const forwarded = `for=${address};origin=${origin};prefix=${AUTH_PREFIX}`
    const message = forwardedMessage({ timestampMs, application, method, path, forwarded })
    const signature = createHmac('sha256', secret).update(message).digest('base64url')
    return {
      [headers.application]: application,
      [headers.forwarded]: forwarded,
      [headers.signature]: `t=${timestampMs},v1=${signature}`,
    }
  }
}
