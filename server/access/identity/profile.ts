import { isZone } from './pages/moment.ts'
import { NAME_LENGTH_MAX, PICTURE_URL_LENGTH_MAX, type ProfileProps } from './pages/index.ts'

/** What a person says of themselves; null: not said. */
export type Profile = ProfileProps['values']
export type ProfileErrors = NonNullable<ProfileProps['errors']>
export type ReadProfile = { outcome: 'ok'; profile: Profile } | { outcome: 'invalid'; errors: ProfileErrors }

const LOCALE_MAX = 35
const TIME_ZONE_MAX = 64
/** Longer ones are too long whatever they are normalised to, and are not looked at. */
const TYPED_MAX = 4 * PICTURE_URL_LENGTH_MAX

/** Reads a profile as it was typed; an empty field means "not set". */
export function readProfile(typed: Record<keyof Profile, string | undefined>): ReadProfile {
  const field = (name: keyof Profile) => (typed[name] ?? '').slice(0, TYPED_MAX).normalize('NFC').trim()
  const name = readName(field('name'))
  const picture = readPicture(field('picture_url'))
  const locale = readLocale(field('locale'))
  const zone = readTimeZone(field('time_zone'))

  const errors: ProfileErrors = {
    name: name.error,
    picture_url: picture.error,
    locale: locale.error,
    time_zone: zone.error,
  }
  if (Object.values(errors).some(Boolean)) return { outcome: 'invalid', errors }
  return {
    outcome: 'ok',
    profile: { name: name.value, picture_url: picture.value, locale: locale.value, time_zone: zone.value },
  }
}

interface Read<Fault> {
  value: string | null
  error: Fault | null
}
const fine = (value: string) => ({ value: value === '' ? null : value, error: null })
const wrong = <const Fault extends string>(error: Fault) => ({ value: null, error })

function readName(text: string): Read<'name_too_long' | 'name_invalid'> {
  // Directional overrides would let one name read as another; joiners are part of many languages.
  if (/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(text)) return wrong('name_invalid')
  return [...text].length > NAME_LENGTH_MAX ? wrong('name_too_long') : fine(text)
}

/** https alone: the picture is shown on pages of ours and of the apps. */
function readPicture(text: string): Read<'picture_invalid'> {
  if (text === '') return fine('')
  const url = URL.parse(text)
  const isFine = url?.protocol === 'https:' && url.username === '' && url.password === ''
  return isFine && url.href.length <= PICTURE_URL_LENGTH_MAX && !/[\s\p{Cc}]/u.test(text)
    ? fine(url.href)
    : wrong('picture_invalid')
}

function readLocale(text: string): Read<'locale_invalid'> {
  if (text === '') return fine('')
  try {
    const [tag = ''] = Intl.getCanonicalLocales(text)
    return tag.length <= LOCALE_MAX ? fine(tag) : wrong('locale_invalid')
  } catch (error) {
    if (error instanceof RangeError) return wrong('locale_invalid')
    throw error
  }
}

function readTimeZone(text: string): Read<'time_zone_invalid'> {
  if (text === '') return fine('')
  // Intl takes offsets such as +01:00 too; those are no place, and know no summer.
  const isName = text.length <= TIME_ZONE_MAX && /^[a-z][\w+-]*(\/[\w+-]+)*$/i.test(text)
  return isName && isZone(text) ? fine(text) : wrong('time_zone_invalid')
}
