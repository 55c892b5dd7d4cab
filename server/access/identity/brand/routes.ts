import { on, ProblemShape, type Route } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import {
  MadePreview,
  makePreview,
  NewPreview,
  PreviewFile,
  PreviewTicket,
  showPreview,
  showPreviewFile,
} from './make-preview.ts'
import { openPreviews } from './previews.ts'
import { BrandFile, BrandVersion, serveBrand } from './serve-brand.ts'

/** How applications look on the hosted pages, and how they would look. */
export function brandRoutes(parts: Parts): Route[] {
  const previews = openPreviews(parts.clock)
  const page = { tag: 'pages', kind: 'page' } as const
  return [
    on(
      'GET /assets/brand/{file}',
      { ...page, summary: 'Style and logo of an application', params: BrandFile, query: BrandVersion },
      (call) => serveBrand(parts, call),
    ),
    on(
      'POST /v1/brand-previews',
      {
        tag: 'applications',
        summary: 'Show a brand before it is saved',
        description:
          'Answers an address at which a hosted page, or the mail with a code, can be seen with this brand. Nothing is kept but in memory, for five minutes, by the process that answered; sent twice it makes two.',
        guard: parts.sessions.guards.staff('applications:read'),
        body: NewPreview,
        answers: { 201: MadePreview, 400: ProblemShape },
      },
      (call) => makePreview(previews, call),
    ),
    on('GET /brand-previews/{ticket}', { ...page, summary: 'A brand being tried out', params: PreviewTicket }, (call) =>
      showPreview(parts, previews, call),
    ),
    on(
      'GET /brand-previews/{ticket}/{file}',
      { ...page, summary: 'Style and logo being tried out', params: PreviewFile },
      (call) => showPreviewFile(previews, call),
    ),
  ]
}
