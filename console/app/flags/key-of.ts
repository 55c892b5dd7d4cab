/** As many characters as access takes. */
const KEY_MAX = 200

/** `New view` is asked for as `new-view`. */
export function keyOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, KEY_MAX)
}

/** Why nobody could ask by this key. Access has the last word, and takes more than this. */
export function keyComplaint(key: string): string | undefined {
  if (key === '') return 'Write the key that your code asks by.'
  if (!/^[A-Za-z0-9._-]+$/.test(key)) return 'Use letters, digits, dots, hyphens and underscores.'
  return undefined
}
