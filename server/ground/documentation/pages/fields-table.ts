import { type Html, html } from '../../../platform/html/html.ts'
import type { Field } from '../fields.ts'
import { prose } from './prose.ts'

/** A shape as a table: what lies inside a field follows it, indented. */
export function fieldsTable(fields: readonly Field[], { label }: { label: string }): Html {
  return html`
<table class="fields" aria-label="${label}">
<thead><tr><th scope="col">Name</th><th scope="col">Meaning</th></tr></thead>
<tbody>${fields.map(
    ({ name, depth, type, isOptional, meaning }) => html`
<tr><th scope="row" class="depth-${depth}"><code>${name}</code> <span class="type">${type}${isOptional && ', may be left out'}</span></th><td>${prose(meaning)}</td></tr>`,
  )}
</tbody>
</table>`
}
