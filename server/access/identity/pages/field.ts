import { attributes, type Html, type HtmlValue, html } from '../../../platform/html/html.ts'

export interface Field {
  name: string
  label: string
  /** Also the element's id; needed only where one name stands twice on a page. */
  id?: string
  error?: HtmlValue
  hint?: HtmlValue
  /** Whatever else the input says: type, autocomplete, value, maxlength, … */
  input: Record<string, string | number | boolean | null | undefined>
}

/** A label, its input, and what is wrong with it, told to eyes and to screen readers alike. */
export function fieldOf(field: Field): Html {
  const { id, described } = describe(field)
  return html`<div class="field">
<label for="${id}">${field.label}</label>
${described.error}
<input ${attributes({ id, name: field.name, ...described.attributes, ...field.input })}>
${described.hint}
</div>`
}

export interface Choice {
  value: string
  label: string
}

/** As `fieldOf`, with a list to choose from. Groups may be nameless. */
export function selectOf(field: Field & { selected: string; groups: { label?: string; choices: Choice[] }[] }): Html {
  const { id, described } = describe(field)
  const option = ({ value, label }: Choice) =>
    html`<option ${attributes({ value, selected: value === field.selected })}>${label}</option>`
  return html`<div class="field">
<label for="${id}">${field.label}</label>
${described.error}
<select ${attributes({ id, name: field.name, ...described.attributes, ...field.input })}>
${field.groups.map(({ label, choices }) => (label ? html`<optgroup label="${label}">${choices.map(option)}</optgroup>` : choices.map(option)))}
</select>
${described.hint}
</div>`
}

function describe(field: Field) {
  const id = field.id ?? field.name
  const error = field.error ? html`<p class="error" id="${id}-error" role="alert">${field.error}</p>` : null
  const hint = field.hint ? html`<p class="hint" id="${id}-hint">${field.hint}</p>` : null
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return {
    id,
    described: {
      error,
      hint,
      attributes: { 'aria-describedby': describedBy || null, 'aria-invalid': error ? 'true' : null },
    },
  }
}
