import { type Html, html } from '../../../platform/html/html.ts'
import type { Route } from '../../../platform/http/index.ts'
import { type OpenApi, operationsOf } from '../open-api.ts'
import { addressOf } from './address.ts'
import { documentOf } from './document.ts'
import { introduction } from './introduction.ts'
import { type PolicyLine, policySection } from './policy-section.ts'
import { prose } from './prose.ts'
import { operationArticle, type Shown } from './operation-article.ts'

export interface AddressesPage {
  document: OpenApi
  /** What answers people and stands in no OpenAPI document. */
  pages: readonly Route[]
  origin: string
  version: string
  policy: readonly PolicyLine[]
}

/** Every address: who may call it, with what, and what comes back. */
/** Of one word: an id with a space in it would be taken for two. */
const anchorOf = (tag: string) => `tag-${tag.replaceAll(' ', '-')}`

export function addressesPage({ document, pages, origin, version, policy }: AddressesPage): string {
  const operations = Map.groupBy(operationsOf(document), ({ tags }) => tags?.[0] ?? 'other')
  const described = (document.tags ?? []).filter(({ name }) => operations.has(name))
  const others = [...operations.keys()].filter((name) => !described.some((tag) => tag.name === name))
  const tags = [...described, ...others.map((name) => ({ name, description: '' }))]
  const shown: Shown = { origin, shapes: new Map() }
  return documentOf({
    title: 'HTTP API',
    lede: html`<p>${document.info.description}</p>`,
    version,
    place: 'addresses',
    contents: [
      { title: 'Before the first call', anchor: 'before', entries: [] },
      ...(policy.length > 0 ? [{ title: 'In force here', anchor: 'policy', entries: [] }] : []),
      ...tags.map(({ name }) => ({
        title: titleOf(name),
        anchor: anchorOf(name),
        entries: operations.get(name)!.map((each) => ({ label: addressOf(each), anchor: each.operationId })),
      })),
      { title: 'Pages', anchor: 'pages', entries: [] },
    ],
    body: [
      introduction(origin),
      ...(policy.length > 0 ? [policySection(policy)] : []),
      ...tags.map(
        ({ name, description }) => html`
<section class="part" aria-labelledby="${anchorOf(name)}">
<h2 id="${anchorOf(name)}">${titleOf(name)}</h2>
${description && html`<p>${prose(description)}</p>`}
${operations.get(name)!.map((operation) => operationArticle(operation, shown))}
</section>`,
      ),
      pagesSection(pages),
    ],
  })
}

const titleOf = (name: string) => name[0]!.toUpperCase() + name.slice(1).replaceAll('-', ' ')

function pagesSection(pages: readonly Route[]): Html {
  return html`
<section class="part" aria-labelledby="pages">
<h2 id="pages">Pages</h2>
<p>For people: plain forms that work without script. A browser is sent to them; a program has no use for them.</p>
<table class="fields">
<thead><tr><th scope="col">Address</th><th scope="col">What it is for</th></tr></thead>
<tbody>${pages.map(
    (each) => html`
<tr><th scope="row">${addressOf(each)}</th><td>${each.options.summary}</td></tr>`,
  )}
</tbody>
</table>
</section>`
}
