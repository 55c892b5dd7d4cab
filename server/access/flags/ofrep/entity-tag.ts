/** RFC 9110 §13.1.2, by weak comparison; a proxy that packs what it passes on makes a tag weak, or writes behind it. */
export function isNamed(tag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === tag || ifNoneMatch === '*') return true
  return ifNoneMatch.split(',').some((each) => plain(each) === tag)
}

const plain = (text: string) =>
  text
    .trim()
    .replace(/^W\//, '')
    .replace(/[-;](?:gzip|br|zstd|deflate)"$/, '"')
