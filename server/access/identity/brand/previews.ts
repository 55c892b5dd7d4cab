import type { Brand } from '../../../ground/applications/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { newSecret } from '../../../platform/id.ts'

export const PREVIEW_PAGES = ['sign-in', 'code', 'link', 'account', 'sign-out', 'unavailable', 'mail'] as const
export type PreviewPage = (typeof PREVIEW_PAGES)[number]

/** What somebody is trying out: nothing of it is kept anywhere else. */
export interface Preview {
  brand: Brand
  name: string
  page: PreviewPage
  language: string
}

export interface Previews {
  /** Answers the ticket by which it can be seen, and until when. */
  add(preview: Preview): { ticket: string; expiresAt: Date }
  find(ticket: string): Preview | undefined
}

export const PREVIEW_LIFE_MS = 5 * 60_000
/** Of 20 KiB at most each: 4 MiB. The oldest makes room; whoever still looks at it asks for another. */
const PREVIEWS_MAX = 200

/** In the memory of this process: a ticket is 256 random bits, so that nobody can show a brand here who may not. */
export function openPreviews(clock: Clock): Previews {
  const kept = new Map<string, Preview & { expiresAt: Date }>()
  return {
    add(preview) {
      const ticket = newSecret()
      const expiresAt = new Date(clock.now().getTime() + PREVIEW_LIFE_MS)
      kept.set(ticket, { ...preview, expiresAt })
      for (const [each, { expiresAt: until }] of kept) {
        if (kept.size <= PREVIEWS_MAX && until > clock.now()) break
        kept.delete(each)
      }
      return { ticket, expiresAt }
    },
    find(ticket) {
      const preview = kept.get(ticket)
      return preview && preview.expiresAt > clock.now() ? preview : undefined
    },
  }
}
