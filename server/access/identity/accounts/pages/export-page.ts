import { type Html, html } from '../../../../platform/html/html.ts'
import { moment, type Page } from '../../pages/index.ts'
import { documentOf } from '../../pages/page.ts'
import type { PersonExport } from '../export-person.ts'
import { EXPORTED_MAX } from '../export-person.ts'

/** Where the person asks for it. */
export function exportAskPage(page: Page): string {
  const words = page.words.accountLife
  return documentOf(page, {
    title: words.export.title,
    body: html`
<p class="lede">${words.export.lede}</p>
<p><a class="button primary" href="${page.link('/account/export/page')}">${words.export.page}</a></p>
<p><a class="button" href="${page.link('/account/export/file')}" download>${words.export.file}</a></p>
<p class="hint">${words.export.hint}</p>
<p class="aside"><a href="${page.link('/account')}">${words.toAccount}</a></p>`,
  })
}

/** Everything on one page, made for reading and for paper: sections, and in them names and values. */
export function exportPage(page: Page, held: PersonExport): string {
  const words = page.words.accountLife.export
  // It is read on another day than it was made: every time with its date.
  const dated = { ...page, now: new Date(0) }
  return documentOf(
    { ...page, path: null },
    {
      title: words.title,
      width: 'sheet',
      body: html`
<div class="held">
<p class="lede">${words.of(held.user_id, moment(dated, new Date(held.made_at)))}</p>
<p class="hint">${words.hint}</p>
${held.incomplete.map((name) => html`<p class="notice unknown"><span>${words.incomplete(titleOf(page, name), EXPORTED_MAX.toLocaleString(page.words.formatting))}</span></p>`)}
${Object.entries(held.sections).map(([name, content]) => section(dated, name, content))}
</div>`,
    },
  )
}

function section(page: Page, name: string, content: unknown): Html {
  const [title, hint] = page.words.accountLife.export.sections[name] ?? [plainName(name), null]
  const id = `held-${name.replace(/[^a-z0-9]+/gi, '-')}`
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${hint && html`<p class="hint">${hint}</p>`}
${isEmpty(content) ? html`<p>${page.words.accountLife.export.empty}</p>` : heldOf(page, content, 0)}
</section>`
}

const titleOf = (page: Page, name: string) => page.words.accountLife.export.sections[name]?.[0] ?? plainName(name)
const plainName = (name: string) => name.replaceAll('_', ' ')

/** Deeper things are written as they are stored: nobody reads a list within a list within a list. */
const DEPTH_MAX = 3

/** What is stored as a word of ours is told in the reader's. */
function wordOf(page: Page, name: string, value: unknown): Html | string | null {
  if (typeof value !== 'string') return null
  if (name === 'action') return html`<code>${value}</code>`
  const told: Record<string, string> =
    { end_reason: page.words.reasons, state: page.words.accountLife.export.states }[name] ?? {}
  return Object.hasOwn(told, value) ? told[value]! : null
}

function heldOf(page: Page, value: unknown, depth: number): Html {
  const words = page.words.accountLife.export
  if (isEmpty(value)) return html`<span class="hint">${words.none}</span>`
  if (value instanceof Date) return moment(page, value)
  if (typeof value === 'boolean') return html`${value ? words.yes : words.no}`
  if (typeof value !== 'object') return textOf(page, String(value))
  if (depth >= DEPTH_MAX) return html`<code>${JSON.stringify(value)}</code>`
  if (Array.isArray(value)) {
    const isPlain = value.every((each) => typeof each !== 'object' || each === null)
    if (isPlain) return html`${value.map(String).join(', ')}`
    return html`<ol>${value.map((each) => html`<li>${heldOf(page, each, depth + 1)}</li>`)}</ol>`
  }
  return html`<dl class="facts">${Object.entries(value as object).map(
    ([name, each]) =>
      html`<dt>${words.fields[name] ?? plainName(name)}</dt><dd>${wordOf(page, name, each) ?? heldOf(page, each, depth + 1)}</dd>`,
  )}</dl>`
}

const WRITTEN_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** A time is one whether it came as such or was written down already. */
function textOf(page: Page, text: string): Html {
  return WRITTEN_TIME.test(text) ? moment(page, new Date(text)) : html`${text}`
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && !(value instanceof Date) && Object.keys(value).length === 0
}
