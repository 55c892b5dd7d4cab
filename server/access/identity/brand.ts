import { ACCOUNT_AUDIENCE, type Application, CONSOLE_AUDIENCE } from '../../ground/applications/index.ts'
import { lookOf, versionOf } from './brand/look.ts'
import type { Brand } from './pages/index.ts'
import type { Parts } from './parts.ts'

const OURS = 'Holdfast'
const ENDINGS = { style: 'css', logo: 'svg' } as const

/** Made once for each state of an application: a page is asked for more often than a brand changes. */
const looks = new WeakMap<Application, Brand>()

/** Whose name, colour and links stand on pages and mails: the app's, or ours where there is none. */
export function brandOf({ applications }: Pick<Parts, 'applications'>, audience: string): Brand {
  const application = applications.find(audience)
  if (!application) return { name: OURS }
  const made = looks.get(application)
  if (made) return made
  const { brand, name, id } = application
  const look = lookOf(brand, name, (file, content) => `/assets/brand/${id}.${ENDINGS[file]}?v=${versionOf(content)}`)
  looks.set(application, look)
  return look
}

/** What a session is for, in words; null: for these pages themselves. */
export function audienceInWords({ applications }: Pick<Parts, 'applications'>, audience: string): string | null {
  if (audience === ACCOUNT_AUDIENCE) return null
  if (audience === CONSOLE_AUDIENCE) return `${OURS} console`
  return applications.find(audience) ? brandOf({ applications }, audience).name : audience
}
