import { type Static, Type } from 'typebox'
import { type Answer, type Call, text } from '../../../platform/http/index.ts'
import type { Parts } from '../parts.ts'
import { filesOf, versionOf } from './look.ts'

export const BrandFile = Type.Object({ file: Type.String({ maxLength: 80 }) })
export const BrandVersion = Type.Object({ v: Type.Optional(Type.String({ maxLength: 64 })) })

/** Shown as a picture it cannot run; opened by itself it must not either. */
export const LOGO_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
const YEAR_S = 365 * 24 * 3600
/** An address without the version of what is there now: a page from before the change, or a curious person. */
const SHORT_S = 60

/** `GET /assets/brand/{application}.css` and `.svg`: out of memory, so that pages keep their looks in an outage. */
export function serveBrand(
  { applications }: Pick<Parts, 'applications'>,
  call: Call<unknown, Static<typeof BrandVersion>, Static<typeof BrandFile>>,
): Answer {
  const [, id = '', ending] = /^([\w-]+)\.(css|svg)$/.exec(call.params.file) ?? []
  const application = applications.find(id)
  const files = application && filesOf(application.brand)
  const content = ending === 'css' ? files?.style : files?.logo
  if (!content) return text(404, 'text/plain; charset=utf-8', 'There is no such file.')
  const isNewest = call.query.v === versionOf(content)
  const age = isNewest ? `max-age=${YEAR_S}, immutable` : `max-age=${SHORT_S}`
  return fileOf(ending as 'css' | 'svg', content, `public, ${age}`)
}

export function fileOf(ending: 'css' | 'svg', content: string, cacheControl: string): Answer {
  const type = ending === 'css' ? 'text/css; charset=utf-8' : 'image/svg+xml; charset=utf-8'
  return {
    ...text(200, type, content),
    headers: { 'cache-control': cacheControl, 'content-security-policy': LOGO_POLICY },
  }
}
