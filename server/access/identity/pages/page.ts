import { attributes, type Html, type HtmlValue, html, render } from '../../../platform/html/html.ts'
import { languages, type Words } from '../words/words.ts'
import { moment } from './moment.ts'

/** Whose page it is. Hosted pages speak the customer's brand, not ours. */
export interface Brand {
  name: string
  /** Path of ours at which its logo is. */
  logoPath?: string | null
  /** Path of a style sheet made by `brandStyle`, when the brand has its own accent. */
  stylePath?: string | null
  /** `#rrggbb`, for mails: they load no style sheet. */
  colour?: string | null
  supportUrl?: string | null
  privacyUrl?: string | null
  termsUrl?: string | null
}

/** What every view is handed, beside its own props. */
export interface Page {
  words: Words
  brand: Brand
  /** Makes a path of ours right for the browser: behind an app's proxy it puts `/auth` in front. */
  link: (path: string) => string
  /** The address at which this page can be opened in another language, without prefix; null: it offers none. */
  path?: string | null
  /** A preview: it looks like the page, and nothing on it can be pressed or runs. */
  isInert?: boolean
  /** Support that acts as the person: every page says so, and offers the end of it. */
  acting?: { staff: string | null; person: string; until: Date | null } | null
  now: Date
  /** IANA name from the person's profile; without it times are told in UTC until the script knows better. */
  zone?: string | null
}

/** Where a form goes and what it carries unseen, such as the anti-forgery token or `return_to`. */
export interface Form {
  path: string
  hidden?: Readonly<Record<string, string>>
}

export interface Shape {
  title: string
  /** Puts "Error:" in front of the title, so that a screen reader tells it first. */
  hasError?: boolean
  /** `card`: one question, 400 px. `sheet`: a page of several parts. */
  width?: 'card' | 'sheet'
  /** Goes into the head, for the page that tries again by itself. */
  head?: Html | null
  body: HtmlValue
}

/** The whole document around a view. */
export function documentOf(page: Page, shape: Shape): string {
  const { words, brand, link } = page
  const pageTitle = words.common.pageTitle(shape.title, brand.name)
  return unbroken(
    render(html`<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${shape.hasError ? words.common.errorTitle(pageTitle) : pageTitle}</title>
<link rel="stylesheet" href="${link('/assets/hosted.css')}">
${brand.stylePath && html`<link rel="stylesheet" href="${link(brand.stylePath)}">`}
<link rel="icon" href="${link('/assets/mark.svg')}">
${shape.head}
${!page.isInert && html`<script type="module" src="${link('/assets/hosted.js')}"></script>`}
</head>
${page.isInert ? html`<body inert>` : html`<body>`}
<main ${attributes({ class: shape.width ?? 'card' })}>
<p class="brand">${brandMark(page)}${!shape.title.includes(brand.name) && html`<span>${brand.name}</span>`}</p>
${page.acting && actingBanner(page, page.acting)}
<h1>${shape.title}</h1>
${shape.body}
</main>
${footOf(page)}
</body>
</html>
`),
  )
}

/** Where a line may end: nowhere in "E-Mail". Only in what is read, not in what tags say, nor in what is quoted. */
const unbroken = (written: string) =>
  written.replace(/<pre[\s\S]*?<\/pre>|<[^>]*>|\bE-(?=Mail)/g, (found) => (found === 'E-' ? 'E-\u2060' : found))

/** The customer's logo, or the first letter of its name. */
function brandMark({ brand, link }: Page): Html {
  if (brand.logoPath) return html`<img src="${link(brand.logoPath)}" alt="" width="32" height="32">`
  const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(brand.name.trim())
  return html`<span class="monogram" aria-hidden="true">${first?.segment.toUpperCase()}</span>`
}

/** Where the brand tells more, and the other languages: links, so that the choice needs no script. */
function footOf(page: Page): Html | null {
  const { words, brand } = page
  const links = [
    [words.common.support, brand.supportUrl],
    [words.common.privacy, brand.privacyUrl],
    [words.common.terms, brand.termsUrl],
  ].filter((each): each is [string, string] => Boolean(each[1]))
  if (links.length === 0 && !page.path) return null
  return html`<footer>
${links.length > 0 && html`<ul>${links.map(([label, url]) => html`<li><a href="${url}">${label}</a></li>`)}</ul>`}
${page.path && html`<ul aria-label="${words.common.language}">${languages.map((each) => languageItem(page, page.path!, each))}</ul>`}
</footer>`
}

function languageItem(page: Page, path: string, { language, name }: { language: string; name: string }): Html {
  if (language === page.words.language) return html`<li><span aria-current="true">${name}</span></li>`
  const address = page.link(`${path}${path.includes('?') ? '&' : '?'}lang=${language}`)
  return html`<li><a href="${address}" lang="${language}" hreflang="${language}">${name}</a></li>`
}

function actingBanner(page: Page, { staff, person, until }: NonNullable<Page['acting']>): Html {
  const words = page.words.impersonation
  const form = { path: '/impersonation/end' }
  return html`<div class="notice degraded acting" role="status"><span>${words.banner(staff ?? words.support, person, until && moment(page, until))}</span>
${formOf(page, form, html`<button type="submit" class="small">${words.end}</button>`)}</div>`
}

/** A plain urlencoded form: it works without script. */
export function formOf(page: Page, form: Form, content: HtmlValue, more: Record<string, string | boolean> = {}): Html {
  return html`<form method="post" ${attributes({ action: page.link(form.path), ...more })}>
${Object.entries(form.hidden ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${content}
</form>`
}
