import { type Html, html } from '../../../platform/html/html.ts'

/** A method and a path, as they stand in headings, tables and the list of contents. */
export const addressOf = ({ method, path }: { method: string; path: string }): Html =>
  html`<span class="address"><span class="method">${method}</span> <span class="path">${breakable(path)}</span></span>`

/** A long path breaks after a slash and nowhere else. */
const breakable = (path: string): Html[] =>
  path.split(/(?<=\/)(?=.)/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`)
