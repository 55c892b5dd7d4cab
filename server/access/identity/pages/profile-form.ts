import { attributes, type Html, html } from '../../../platform/html/html.ts'
import { type Choice, fieldOf, selectOf } from './field.ts'
import { clockTime, isZone } from './moment.ts'
import { type Form, formOf, type Page } from './page.ts'

/** Limits of the form; whoever saves it checks the same. */
export const NAME_LENGTH_MAX = 120
export const PICTURE_URL_LENGTH_MAX = 2048

export interface ProfileProps {
  /** `POST /account/profile`, fields `name`, `picture_url`, `locale`, `time_zone`; empty means "not set". */
  form: Form
  values: { name: string | null; picture_url: string | null; locale: string | null; time_zone: string | null }
  errors?: {
    name?: 'name_too_long' | 'name_invalid' | null
    picture_url?: 'picture_invalid' | null
    locale?: 'locale_invalid' | null
    time_zone?: 'time_zone_invalid' | null
  }
  /** It was saved just now. */
  isSaved?: boolean
  /** Why nothing can be changed at the moment; null: it can. */
  whyNot?: string | null
}

/** Languages that are offered; a profile that holds another keeps it. */
const LOCALES = [
  'ar', 'bg', 'cs', 'da', 'de-AT', 'de-CH', 'de-DE', 'el', 'en-AU', 'en-CA', 'en-GB', 'en-IE', 'en-IN', 'en-US', 'es-ES',
  'es-MX', 'et', 'fi', 'fr-BE', 'fr-CA', 'fr-FR', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ja', 'ko', 'lt', 'lv', 'nb', 'nl-BE',
  'nl-NL', 'pl', 'pt-BR', 'pt-PT', 'ro', 'sk', 'sl', 'sr', 'sv', 'th', 'tr', 'uk', 'vi', 'zh-CN', 'zh-TW',
] // biome-ignore format: one list, read across

export function profileForm(page: Page, props: ProfileProps): Html {
  const words = page.words.account
  const { values, errors = {}, whyNot } = props
  const wrong = Object.values(errors).filter(Boolean).length
  const errorOf = (name: keyof typeof errors) => errors[name] && words.errors[errors[name]]
  return html`<section aria-labelledby="profile">
<h2 id="profile">${words.profile}</h2>
<p class="hint">${words.profilePurpose(page.brand.name)}</p>
${wrong > 0 && html`<p class="error" role="alert">${words.errorSummary(wrong)}</p>`}
${props.isSaved && html`<p class="saved" role="status">${words.saved}</p>`}
${formOf(
  page,
  props.form,
  html`<fieldset class="bare" ${attributes({ disabled: Boolean(whyNot), 'aria-labelledby': 'profile' })}>
${fieldOf({
  name: 'name',
  label: words.name,
  error: errorOf('name'),
  input: { value: values.name ?? '', autocomplete: 'name', maxlength: NAME_LENGTH_MAX },
})}
${fieldOf({
  name: 'picture_url',
  label: words.picture,
  error: errorOf('picture_url'),
  hint: words.pictureHint,
  input: {
    type: 'url',
    inputmode: 'url',
    value: values.picture_url ?? '',
    autocomplete: 'photo',
    spellcheck: 'false',
    maxlength: PICTURE_URL_LENGTH_MAX,
  },
})}
<div class="pair">
${selectOf({
  name: 'locale',
  label: words.locale,
  error: errorOf('locale'),
  input: {},
  selected: values.locale ?? '',
  groups: [{ choices: [{ value: '', label: words.notSet }, ...localeChoices(page, values.locale)] }],
})}
${selectOf({
  name: 'time_zone',
  label: words.timeZone,
  error: errorOf('time_zone'),
  hint:
    values.time_zone &&
    isZone(values.time_zone) &&
    words.zoneNow(clockTime({ ...page, zone: values.time_zone }, page.now).text),
  input: {},
  selected: values.time_zone ?? '',
  groups: [{ choices: [{ value: '', label: words.notSet }, ...utcAnd(values.time_zone)] }, ...zoneGroups()],
})}
</div>
<button type="submit" class="primary">${words.save}</button>
${whyNot && html`<p class="hint">${whyNot}</p>`}
</fieldset>`,
  { novalidate: true },
)}
</section>`
}

function localeChoices(page: Page, current: string | null): Choice[] {
  const tags = current && !LOCALES.includes(current) && isLocale(current) ? [current, ...LOCALES] : LOCALES
  const names = new Intl.DisplayNames(page.words.language, { type: 'language', languageDisplay: 'standard' })
  return tags.map((value) => ({ value, label: names.of(value) ?? value }))
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** UTC stands outside the regions, and so does a zone that is right but not in this Node's list. */
function utcAnd(current: string | null): Choice[] {
  const isListed = !current || current === 'UTC' || Intl.supportedValuesOf('timeZone').includes(current)
  const own = isListed || !isZone(current) ? [] : [{ value: current, label: current }]
  return [{ value: 'UTC', label: 'UTC' }, ...own]
}

function zoneGroups(): { label: string; choices: Choice[] }[] {
  const zones = Intl.supportedValuesOf('timeZone').filter((zone) => zone.includes('/'))
  const byRegion = Map.groupBy(zones, (zone) => zone.slice(0, zone.indexOf('/')))
  return [...byRegion].map(([label, names]) => ({
    label,
    choices: names.map((value) => ({ value, label: value.slice(label.length + 1).replaceAll('_', ' ') })),
  }))
}
