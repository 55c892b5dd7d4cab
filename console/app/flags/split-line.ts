/** `default variant: off → on`, in its parts; null: the line has no two sides. */
export function splitLine(line: string): { about: string; was: string; is: string } | null {
  const arrow = line.indexOf(' → ')
  const colon = line.indexOf(': ')
  if (arrow < 0 || colon < 0 || colon > arrow) return null
  return { about: line.slice(0, colon), was: line.slice(colon + 2, arrow), is: line.slice(arrow + 3) }
}
