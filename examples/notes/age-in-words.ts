/** Words for an age that is read while it grows. */
export function ageInWords(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'just now'
  if (seconds < 60) return `${seconds} s`
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  return minutes < 60 ? `${minutes} min ${rest} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
