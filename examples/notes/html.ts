/** Text that is HTML already. Everything else is escaped on its way into a page. */
export interface Html {
  html: string
}

type Piece = Html | string | number | null | undefined | false | readonly Piece[]

/** A template whose values are escaped, unless they are `Html` themselves. */
export function html(texts: TemplateStringsArray, ...pieces: Piece[]): Html {
  return { html: texts.map((text, index) => text + render(pieces[index])).join('') }
}

function render(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return ''
  if (Array.isArray(piece)) return piece.map(render).join('')
  if (typeof piece === 'object') return (piece as Html).html
  return String(piece).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
