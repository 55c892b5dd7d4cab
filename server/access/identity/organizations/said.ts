import type { Refusal } from '../../../platform/refusal.ts'
import type { Page } from '../pages/index.ts'
import { toldIn } from '../words/sentences.ts'
import type { MineProps } from './organizations-page.ts'

/** What stands on top of the page: what was done, or why it was not. */
export function saidOf({ words }: Page, said: string | Refusal | undefined): MineProps['said'] {
  if (said === undefined) return null
  if (typeof said === 'string') {
    const { done } = words.organizations
    return Object.hasOwn(done, said) ? { kind: 'done', text: done[said as keyof typeof done] } : null
  }
  return { kind: 'error', text: inWords({ words }, said) }
}

/** What a refusal says, in the reader's language. */
export function inWords({ words }: Pick<Page, 'words'>, { code, status, message, facts }: Refusal): string {
  return toldIn(words.sentences, { ...facts, code, status, title: '', detail: message }).detail
}
