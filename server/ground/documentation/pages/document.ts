import { type Html, type HtmlValue, html, render } from '../../../platform/html/html.ts'

/** One entry of the list on the left, with what belongs to it. */
export interface Contents {
  title: string
  anchor: string
  entries: readonly { label: Html | string; anchor: string }[]
}

export interface Shape {
  title: string
  lede: HtmlValue
  version: string
  /** Which of the two pages it is. */
  place: 'addresses' | 'problems'
  contents: readonly Contents[]
  body: HtmlValue
}

/** The whole document around a page of the documentation. No part of it needs script. */
export function documentOf({ title, lede, version, place, contents, body }: Shape): string {
  return render(html`<!doctype html>
<html lang="en" class="docs">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Holdfast</title>
<link rel="stylesheet" href="/assets/hosted.css">
<link rel="stylesheet" href="/assets/docs.css">
<link rel="icon" href="/assets/mark.svg">
</head>
<body>
<a class="skip" href="#main">To the text</a>
<header class="bar">
<p class="name"><img src="/assets/mark.svg" alt="" width="24" height="24"> Holdfast <span class="version">${version}</span></p>
<nav aria-label="Documentation">
${link('/docs', 'API', place === 'addresses')}
${link('/docs/problems', 'Problems', place === 'problems')}
<a href="/openapi.json">OpenAPI 3.1</a>
</nav>
</header>
<div class="columns">
<nav class="contents" aria-label="On this page">
<details class="folded"><summary>On this page</summary>${contentsList(contents)}</details>
<div class="unfolded">${contentsList(contents)}</div>
</nav>
<main id="main" tabindex="-1">
<h1>${title}</h1>
<div class="lede">${lede}</div>
${body}
</main>
</div>
</body>
</html>
`)
}

const link = (href: string, label: string, isHere: boolean) =>
  isHere ? html`<a href="${href}" aria-current="page">${label}</a>` : html`<a href="${href}">${label}</a>`

function contentsList(contents: readonly Contents[]): Html {
  return html`<ul>${contents.map(
    ({ title, anchor, entries }) => html`
<li><a class="group" href="#${anchor}">${title}</a>${
      entries.length > 0 &&
      html`<ul>${entries.map((entry) => html`<li><a href="#${entry.anchor}">${entry.label}</a></li>`)}</ul>`
    }</li>`,
  )}</ul>`
}
