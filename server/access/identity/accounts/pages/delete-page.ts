import { html } from '../../../../platform/html/html.ts'
import { type Form, moment, type Page } from '../../pages/index.ts'
import { fieldOf } from '../../pages/field.ts'
import { documentOf, formOf } from '../../pages/page.ts'

export interface DeletePageProps {
  /** `POST /account/delete`. The field is named `email`. */
  form: Form
  email: string
  deletesAt: Date
  typed?: string
  error?: 'not-typed' | 'last-administrator' | null
}

/** Says what follows and for whom before anything is asked. */
export function deletePage(page: Page, props: DeletePageProps): string {
  const words = page.words.accountLife.delete
  const { error } = props
  const isTyped = error === 'not-typed'
  return documentOf(page, {
    title: words.title,
    hasError: Boolean(error),
    body: html`
<p class="lede">${words.lede(props.email)}</p>
<ul class="follows">
<li>${words.now}</li>
<li>${words.until(moment(page, props.deletesAt))}</li>
<li>${words.after}</li>
<li>${words.elsewhere}</li>
<li>${words.kept}</li>
</ul>
${error === 'last-administrator' && html`<p class="notice failing" role="alert"><span>${words.lastAdministrator}</span></p>`}
${formOf(
  page,
  props.form,
  html`${fieldOf({
    name: 'email',
    label: words.confirmLabel,
    error: isTyped && words.error(props.email),
    input: {
      type: 'email',
      value: props.typed ?? '',
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      required: true,
      autofocus: isTyped,
    },
  })}
<button type="submit" class="danger">${words.submit}</button>`,
  { novalidate: true },
)}
<p class="aside"><a href="${page.link('/account')}">${page.words.accountLife.toAccount}</a></p>`,
  })
}

export function deletionBegunPage(page: Page, props: { deletesAt: Date }): string {
  const words = page.words.accountLife.delete
  return documentOf(page, {
    title: words.done,
    body: html`
<p class="lede">${words.doneLede(moment(page, props.deletesAt))}</p>
<p>${words.doneKeep}</p>`,
  })
}

/** Shown after the code was right, to whoever signs in to an account that is going to be deleted. */
export function keepPage(page: Page, props: { form: Form; email: string; deletesAt: Date }): string {
  const words = page.words.accountLife.keep
  return documentOf(page, {
    title: words.title,
    body: html`
<p class="lede">${words.lede(props.email, moment(page, props.deletesAt))}</p>
${formOf(page, props.form, html`<button type="submit" class="primary">${words.submit}</button>`)}
<p class="hint">${words.otherwise}</p>`,
  })
}
