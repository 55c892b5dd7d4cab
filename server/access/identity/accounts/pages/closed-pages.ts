import { html } from '../../../../platform/html/html.ts'
import type { Page } from '../../pages/index.ts'
import { documentOf } from '../../pages/page.ts'

/** Shown only to whoever had the right code: nobody else learns how an account stands. */
export function blockedPage(page: Page): string {
  const words = page.words.accountLife.blocked
  return documentOf(page, {
    title: words.title,
    body: html`
<p class="lede">${words.lede(page.brand.name)}</p>
<p class="hint">${words.hint}</p>
<p class="aside"><a href="${page.link('/sign-in')}">${page.words.code.another}</a></p>`,
  })
}

export function movedPage(page: Page): string {
  const words = page.words.accountLife.moved
  return documentOf(page, {
    title: words.title,
    body: html`
<p class="lede">${words.lede}</p>
<p>${words.hint}</p>
${toSignIn(page)}`,
  })
}

export function gonePage(page: Page): string {
  const words = page.words.accountLife.gone
  return documentOf(page, { title: words.title, body: html`<p class="lede">${words.lede}</p>${toSignIn(page)}` })
}

const toSignIn = (page: Page) =>
  html`<p><a class="button primary" href="${page.link('/sign-in')}">${page.words.emailChange.signIn}</a></p>`
