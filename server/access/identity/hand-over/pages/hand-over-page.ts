import { html } from '../../../../platform/html/html.ts'
import { documentOf, type Page } from '../../pages/page.ts'
import { ceremonyScript } from '../../passkeys/pages/ceremony.ts'
import { type PasskeyWay, passkeyBlock } from '../../passkeys/pages/sign-in-block.ts'

interface There {
  /** Of the app, as its people know it. */
  host: string
  /** Where the sign-in of the app begins. */
  backUrl: string
}

export interface HandOverProps extends There {
  /** Where this page is: whom the passkey is for. */
  ours: string
  way: PasskeyWay
}

/** On our origin, in the look of the app that sent somebody here for their passkey. */
export function handOverPage(page: Page, { host, backUrl, ours, way }: HandOverProps): string {
  const words = page.words.handOver
  const { name } = page.brand
  return documentOf(page, {
    title: way.weight === 'strongest' ? words.confirmTitle(name) : words.title(name),
    hasError: Boolean(way.error),
    head: ceremonyScript(page),
    body: html`
<p class="lede">${words.lede(host, ours)}</p>
${passkeyBlock(page, { ...way, isAlone: true }, { withOr: false, isMailOffered: way.weight !== 'strongest' })}
<p data-unable hidden>${words.unable(host)}</p>
<p class="hint">${words.notYou(host)}</p>
<p class="aside"><a href="${backUrl}">${words.back(host)}</a></p>`,
  })
}

/** It took too long, or was finished already. */
export function handOverOverPage(page: Page, { host, backUrl }: There): string {
  const words = page.words.handOver
  return documentOf(page, {
    title: words.overTitle,
    body: html`
<p class="lede">${words.over(host)}</p>
<p><a class="button primary" href="${backUrl}">${words.back(host)}</a></p>`,
  })
}
