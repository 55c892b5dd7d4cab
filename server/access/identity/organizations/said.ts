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
  const { code, status, message, facts } = said
  return { kind: 'error', text: toldIn(words.sentences, { ...facts, code, status, title: '', detail: message }).detail }
}
