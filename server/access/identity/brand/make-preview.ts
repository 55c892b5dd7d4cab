import { type Static, Type } from 'typebox'
import { Brand, readBrand } from '../../../ground/applications/index.ts'
import { type Answer, type Call, json, Time, text } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { refuse } from '../refusals.ts'
import { isLanguage } from '../words/words.ts'
import { filesOf } from './look.ts'
import { previewPage } from './preview-page.ts'
import { PREVIEW_PAGES, type Preview, type Previews } from './previews.ts'
import { fileOf } from './serve-brand.ts'

export const NewPreview = Type.Object(
  {
    brand: Type.Partial(Brand, { description: 'The brand to try out; what is left out is as without a brand.' }),
    name: Type.String({
      minLength: 1,
      maxLength: 80,
      description: 'The application’s name, shown where the brand has none.',
      examples: ['Acme Notes'],
    }),
    page: Type.Union(
      PREVIEW_PAGES.map((page) => Type.Literal(page)),
      { description: 'Which page, or `mail`: the mail with a code.', examples: ['sign-in'] },
    ),
    language: Type.Optional(
      Type.String({ maxLength: 8, description: '`en` or `de`; English when left out.', examples: ['de'] }),
    ),
  },
  { additionalProperties: false },
)
export const MadePreview = Type.Object(
  {
    url: Type.String({ description: 'A path here, to be framed by the console.', examples: ['/brand-previews/…'] }),
    expires_at: Time('Until when it can be seen.'),
  },
  { description: 'It is in memory only, and gone after five minutes.' },
)
export const PreviewTicket = Type.Object({ ticket: Type.String({ maxLength: 64 }) })
export const PreviewFile = Type.Object({ ...PreviewTicket.properties, file: Type.String({ maxLength: 16 }) })

/** `POST /v1/brand-previews`: keeps nothing and tells nobody, so that it may be asked at every key press. */
export function makePreview(previews: Previews, call: Call<Static<typeof NewPreview>>): Answer {
  const { brand: said, name, page, language } = call.body
  const read = readBrand(said)
  if (read.outcome === 'invalid') throw refuse('bad_brand', { says: read.says, at: read.at })
  const preview: Preview = { brand: read.brand, name, page, language: isLanguage(language) ? language : 'en' }
  const { ticket, expiresAt } = previews.add(preview)
  return json(201, { url: `/brand-previews/${ticket}`, expires_at: expiresAt.toISOString() })
}

/**
 * Nothing on it runs, is sent or leads away, and only we may frame it. The same origin is allowed so that style and font
 * come: without scripts nobody can use it.
 */
const POLICY = (styles: string) =>
  `default-src 'none'; style-src ${styles}; img-src 'self'; font-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-same-origin`

/** `GET /brand-previews/{ticket}`: public, but worth nothing without a ticket, and shows only what staff had put there. */
export function showPreview(
  { clock }: Pick<Parts, 'clock'>,
  previews: Previews,
  call: Call<unknown, unknown, { ticket: string }>,
): Answer {
  const { ticket } = call.params
  const preview = previews.find(ticket)
  if (!preview) throw refuse('no_preview')
  const html = previewPage(preview, `/brand-previews/${ticket}`, clock.now())
  // A mail has its styles inline, as mails must.
  const styles = preview.page === 'mail' ? "'unsafe-inline'" : "'self'"
  const headers = { 'content-security-policy': POLICY(styles), 'x-frame-options': 'SAMEORIGIN' }
  return { ...text(200, 'text/html; charset=utf-8', html), headers }
}

/** `GET /brand-previews/{ticket}/{file}`: its style and its logo. */
export function showPreviewFile(
  previews: Previews,
  { params }: Call<unknown, unknown, { ticket: string; file: string }>,
): Answer {
  const preview = previews.find(params.ticket)
  const files = preview && filesOf(preview.brand)
  const content = params.file === 'brand.css' ? files?.style : params.file === 'brand.svg' ? files?.logo : null
  if (!content) throw refuse('no_preview')
  return fileOf(params.file === 'brand.css' ? 'css' : 'svg', content, 'no-store')
}
