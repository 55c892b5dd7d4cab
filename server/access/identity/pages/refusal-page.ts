import { type Html, html } from '../../../platform/html/html.ts'
import { moment, spanText } from './moment.ts'
import { documentOf, type Page } from './page.ts'

export interface RefusalProps {
  title: string
  detail: Html | string
  /** The stable code of the problem and the request's id, for whoever asks support. */
  code?: string | null
  requestId?: string | null
  /** The way on. */
  action?: { label: string; path: string } | null
}

/** Any refusal, for people: the rule in words, the way on, and what to tell support. */
export function refusalPage(page: Page, props: RefusalProps): string {
  const support = [props.code, props.requestId].filter(Boolean).join(' · ')
  const copy = page.words.common
  return documentOf(page, {
    title: props.title,
    body: html`
<p class="lede">${props.detail}</p>
${props.action && html`<p><a class="button primary" href="${page.link(props.action.path)}">${props.action.label}</a></p>`}
${
  support &&
  html`<p class="support">${page.words.refusals.code}: <code id="support">${support}</code>
<button type="button" class="small" data-copy="support" data-copied="${copy.copied}" hidden>${copy.copy}</button></p>`
}`,
  })
}

export function notFoundPage(page: Page): string {
  const words = page.words.refusals
  return refusalPage(page, { title: words.notFoundTitle, detail: words.notFound })
}

/** The longest address shown: it is somebody else's text. */
const TARGET_LENGTH_MAX = 120

/** `return_to` names an origin that is not registered. `target` is shown, never linked. */
export function returnToRefusedPage(page: Page, props: { target: string | null; code?: string }): string {
  const words = page.words.refusals
  const target = props.target?.slice(0, TARGET_LENGTH_MAX) ?? null
  return refusalPage(page, { title: words.returnToTitle, detail: words.returnTo(target), code: props.code })
}

/** The Origin of a form was not ours. `path` is the page on which the button is. */
export function crossSitePage(page: Page, props: { path: string; code?: string }): string {
  const words = page.words.refusals
  return refusalPage(page, {
    title: words.crossSiteTitle,
    detail: words.crossSite,
    code: props.code,
    action: { label: page.words.common.tryAgain, path: props.path },
  })
}

export function forbiddenPage(page: Page, props: { code?: string }): string {
  const words = page.words.refusals
  return refusalPage(page, { title: words.forbiddenTitle, detail: words.forbidden, code: props.code })
}

export interface TooManyProps {
  what: 'mails' | 'codes' | 'requests'
  retryAt: Date
  againPath: string
  code?: string
}

export function tooManyPage(page: Page, props: TooManyProps): string {
  const words = page.words.tooMany
  const waitMs = props.retryAt.getTime() - page.now.getTime()
  const at = words.at(moment(page, props.retryAt), spanText(page.words, waitMs))
  return refusalPage(page, {
    title: words.title[props.what],
    detail: html`${words.detail[props.what]} ${at}`,
    code: props.code,
    action: { label: words.again, path: props.againPath },
  })
}
