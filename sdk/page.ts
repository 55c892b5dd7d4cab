import { createHash } from 'node:crypto'

/** Plain words for a moment of trouble: no script, no font, no picture, nothing that has to be fetched. */
export interface Page {
  title: string
  paragraphs: string[]
  /** Says that something is not known: the first paragraph gets its mark. */
  isUnknown?: boolean
  /** Comes back by itself after so many seconds. */
  retryAfterS?: number
  /** One thing to do: a link, or a button that posts. */
  action?: { label: string; href: string } | { label: string; post: string }
}

/** Unknown is a hatched circle, here as everywhere: shape and colour beside the words. */
const MARK = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#857aa0" stroke-width="2"><circle cx="8" cy="8" r="7"/><path d="M3 9 9 3M4 13 13 4M7 14l7-7" stroke-width="1.5"/></svg>',
)}`
const STYLE = `
:root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1f2421; --soft: #5a625d; --line: #d9d6cf; --go: #0f5d5a; --on-go: #fff }
@media (prefers-color-scheme: dark) {
  :root { --paper: #161918; --ink: #eceae5; --soft: #a4aaa5; --line: #353b38; --go: #7cc5bf; --on-go: #10211f }
}
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px; background: var(--paper);
  color: var(--ink); font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { width: 100%; max-width: 416px; border: 1px solid var(--line); border-radius: 6px; padding: 32px 28px }
h1 { margin: 0 0 12px; font-size: 20px; line-height: 1.3; font-weight: 600; text-wrap: balance }
p { margin: 0 0 12px; color: var(--soft) }
p:first-of-type { color: var(--ink) }
.unknown { padding-left: 26px; background: no-repeat 0 4px/16px url("${MARK}") }
p:last-child, form:last-child { margin-bottom: 0 }
a, button { display: inline-block; margin-top: 8px; padding: 9px 16px; border: 0; border-radius: 6px; background: var(--go);
  color: var(--on-go); font: inherit; font-weight: 500; text-decoration: none; cursor: pointer }
a:focus-visible, button:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px }
`

/** A whole page, with a policy of its own that lets nothing in but its own style. */
export function renderPage(status: number, page: Page, headers: Record<string, string> = {}): Response {
  const { title, paragraphs, isUnknown = false, retryAfterS, action } = page
  const refresh = retryAfterS === undefined ? '' : `<meta http-equiv="refresh" content="${retryAfterS}">`
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">${refresh}<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${paragraphs.map((text, index) => `<p${isUnknown && index === 0 ? ' class="unknown"' : ''}>${escapeHtml(text)}</p>`).join('\n')}
${action ? renderAction(action) : ''}</main></body></html>
`
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${styleDigest()}'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      // Under `no-referrer` browsers send `Origin: null` with the form of this page.
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
      ...headers,
    },
  })
}

const styleDigest = () => createHash('sha256').update(STYLE).digest('base64')

/** Escapes text for HTML, in content and in quoted attributes. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

function renderAction(action: NonNullable<Page['action']>): string {
  if ('href' in action) return `<a href="${escapeHtml(action.href)}">${escapeHtml(action.label)}</a>`
  return `<form method="post" action="${escapeHtml(action.post)}"><button>${escapeHtml(action.label)}</button></form>`
}
