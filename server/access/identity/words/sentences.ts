/** Refusals as another language tells them; what is English already is told as the API says it. */
export interface Sentences {
  /** What a status means. */
  titles: Readonly<Record<number, string>>
  /** By the code of the refusal; `{name}` stands for a fact of it. */
  details: Readonly<Record<string, string>>
  /** For a code that is not there. */
  otherTitle: string
  other: string
}

interface Said {
  status: number
  code: string
  title: string
  detail: string
  [fact: string]: unknown
}

/** A refusal in words: never in another language than the page around it. */
export function toldIn(sentences: Sentences | null, said: Said): { title: string; detail: string } {
  if (!sentences) return { title: said.title, detail: said.detail }
  const template = Object.hasOwn(sentences.details, said.code) ? sentences.details[said.code]! : sentences.other
  const detail = template.replace(/\{(\w+)\}/g, (_whole, name: string) => plain(said[name]))
  return { title: sentences.titles[said.status] ?? sentences.otherTitle, detail }
}

const plain = (fact: unknown) => (typeof fact === 'string' || typeof fact === 'number' ? String(fact) : '?')
