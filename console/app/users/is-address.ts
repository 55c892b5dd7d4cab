/** Enough to catch a slip. What mail can be sent to is decided by access. */
export function isAddress(text: string): boolean {
  return /^\S+@\S+\.\S+$/.test(text.trim())
}
