/** As access takes it; this is read at every sign-in. */
export const LOGO_LENGTH_MAX = 16 * 1024

/** For an `img`, in which nothing of a drawing runs. */
export function asImage(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}
