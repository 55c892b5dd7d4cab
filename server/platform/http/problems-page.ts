import { type Html, html, render } from '../html/html.ts'
import type { ListedRefusal } from '../refusal.ts'

/** Every way of saying no, each at the anchor to which the `type` of its problem document points. */
export function problemsPage(title: string, refusals: readonly ListedRefusal[]): string {
  const features = Map.groupBy(refusals, ({ code }) => code.slice(0, code.indexOf('.')))
  return render(html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>Problems · ${title}</title>
  <link rel="stylesheet" href="/docs/problems.css">
</head>
<body>
  <main>
    <h1>Problems</h1>
    <p>Every refusal is a problem document (RFC 9457): <code>type</code> points here, <code>code</code> is stable, and
      <code>detail</code> says what to do. The addresses themselves are described in <a href="/docs">the documentation</a>.</p>
    ${[...features].map(([feature, listed]) => featureSection(feature, listed))}
  </main>
</body>
</html>`)
}

function featureSection(feature: string, listed: readonly ListedRefusal[]): Html {
  return html`
    <section aria-labelledby="feature-${feature}">
      <h2 id="feature-${feature}">${feature}</h2>
      <dl>${listed.map(entry)}</dl>
    </section>`
}

function entry({ code, status, sentence }: ListedRefusal): Html {
  return html`
        <dt id="${code}"><a href="#${code}"><code>${code}</code></a> <span>${status}</span></dt>
        <dd>${withPlaces(sentence)}</dd>`
}

/** `{name}` stands for what is filled in. */
function withPlaces(sentence: string): (Html | string)[] {
  return sentence
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? html`<var>${part.slice(1, -1)}</var>` : part))
}

export const problemsStyle = `
:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.125rem; margin: 2.5rem 0 0.5rem; }
dl { margin: 0; }
dt { padding-top: 0.75rem; overflow-wrap: anywhere; }
dt a { color: inherit; text-decoration: none; }
dt a:hover, dt a:focus-visible { text-decoration: underline; }
dt span { opacity: 0.7; margin-left: 0.5rem; font-variant-numeric: tabular-nums; }
dt:target, dt:target + dd { background: Mark; color: MarkText; }
dd { margin: 0 0 0.5rem; max-width: 40rem; }
`
