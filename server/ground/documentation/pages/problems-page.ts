import { type Html, html } from '../../../platform/html/html.ts'
import type { ListedProblem, ProblemGroup } from '../problems.ts'
import { documentOf } from './document.ts'

/** Every code at the anchor that the `type` of its problem document names. */
export function problemsPage({ groups, version }: { groups: readonly ProblemGroup[]; version: string }): string {
  return documentOf({
    title: 'Problems',
    lede: html`<p>Every refusal is a problem document (RFC 9457). A program goes by <code>code</code>, which never changes its
meaning; a person reads <code>detail</code>; <code>type</code> leads here.</p>`,
    version,
    place: 'problems',
    contents: groups.map(({ feature, title, problems }) => ({
      title,
      anchor: `of-${feature}`,
      entries: problems.map(({ code }) => ({ label: codeOf(code), anchor: code })),
    })),
    body: groups.map(
      ({ feature, title, problems }) => html`
<section class="part" aria-labelledby="of-${feature}">
<h2 id="of-${feature}">${title}</h2>
${problems.map(problemArticle)}
</section>`,
    ),
  })
}

function problemArticle({ code, status, sentence, remedy }: ListedProblem): Html {
  return html`
<article class="problem" id="${code}" aria-label="${code}">
<h3><a href="#${code}">${codeOf(code)}</a> <span class="status">${status}</span></h3>
<p>${filledIn(sentence)}</p>
<p class="remedy"><strong>Do</strong> ${remedy}</p>
</article>`
}

/** May break after its dot and after underscores. */
const codeOf = (code: string): Html =>
  html`<code>${code.split(/(?<=[._])/).map((part, index) => html`${index > 0 && html`<wbr>`}${part}`)}</code>`

/** `{name}` in a sentence stands for what is filled in when it is said. */
const filledIn = (sentence: string): (Html | string)[] =>
  sentence
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? html`<var>${part.slice(1, -1).replaceAll('_', ' ')}</var>` : part))
