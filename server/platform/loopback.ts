/** Whether an origin can be reached from this machine alone: RFC 6761 for the name, RFC 1122 and 4291 for addresses. */
export function isLoopbackOrigin(origin: string): boolean {
  const host = (URL.parse(origin)?.hostname ?? '').replace(/^\[|\]$/g, '')
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
