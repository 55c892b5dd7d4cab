import { isUrlAttribute, type Place, placesOf, UNSAFE_ATTRIBUTE } from './places.ts'

/**
 * Markup that may stand in a page as it is. Made only by `html`, `attributes` and `trusted`: the keys are private
 * symbols, so that nothing parsed from JSON can pass for it.
 */
const markup: unique symbol = Symbol('markup')
const stands: unique symbol = Symbol('stands')

export interface Html {
  readonly [markup]: string
  readonly [stands]: 'content'
}
/** The inside of a tag: `name="value" required`. */
export interface Attributes {
  readonly [markup]: string
  readonly [stands]: 'tag'
}

export type HtmlValue = string | number | Html | Attributes | null | undefined | false | readonly HtmlValue[]

/** A template is one object for the life of the process, so each is read once. */
const placesByTemplate = new WeakMap<TemplateStringsArray, Place[]>()

/** Writes markup. Every value is escaped for the place where it stands, and refused where no escaping is safe. */
export function html(strings: TemplateStringsArray, ...values: HtmlValue[]): Html {
  let places = placesByTemplate.get(strings)
  if (!places) {
    places = placesOf(strings)
    placesByTemplate.set(strings, places)
  }
  const written = places.map((place, index) => writeAt(place, values[index]) + strings[index + 1]!)
  return { [markup]: strings[0]! + written.join(''), [stands]: 'content' }
}

export function render(page: Html): string {
  return page[markup]
}

/** Markup from our own files, never from a person, a header or a database. */
export function trusted(ownMarkup: string): Html {
  return { [markup]: ownMarkup, [stands]: 'content' }
}

/** Attributes that come and go: `true` writes the bare name, `false` and nothing leave it out. */
export function attributes(values: Record<string, string | number | boolean | null | undefined>): Attributes {
  const written = Object.entries(values).flatMap(([name, value]) => {
    if (!/^[a-z][a-z0-9-]*$/.test(name) || UNSAFE_ATTRIBUTE.test(name)) {
      throw new TypeError(`the attribute ${JSON.stringify(name)} may not be written`)
    }
    if (value === null || value === undefined || value === false) return []
    if (value === true) return [name]
    return [`${name}="${isUrlAttribute(name) ? escapeUrl(String(value)) : escapeText(String(value))}"`]
  })
  return { [markup]: written.join(' '), [stands]: 'tag' }
}

function writeAt(place: Place, value: HtmlValue): string {
  if (value === null || value === undefined || value === false) return ''
  if (Array.isArray(value)) {
    if (place !== 'content') throw new TypeError('a list stands between tags only')
    return value.map((item) => writeAt(place, item)).join('')
  }
  if (typeof value === 'object' && stands in value) {
    if (value[stands] !== place) throw new TypeError(`this markup stands in a ${value[stands]}, not in a ${place}`)
    return value[markup]
  }
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new TypeError(`a value of type ${typeof value} has no text`)
  if (place === 'tag') throw new TypeError('in a tag only attributes({…}) stands')
  return place === 'url' ? escapeUrl(String(value)) : escapeText(String(value))
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\0': '\ufffd',
}

export function escapeText(text: string): string {
  return text.toWellFormed().replace(/[&<>"'\0]/g, (character) => ESCAPES[character]!)
}

/** What a refused address becomes: it leads nowhere, and says why to whoever reads the source. */
const REFUSED_URL = 'about:invalid#refused'
const HARMLESS_URL = /^(https?:|mailto:|data:image\/(png|jpeg|gif|webp)[;,])/i

/** A URL that a person chose may lead away, but never run. */
function escapeUrl(url: string): string {
  // Browsers drop control characters and spaces before they look for the scheme: "java\nscript:" runs.
  const bare = url.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028-\u202f\ufeff]/g, '')
  const hasScheme = /^[^/?#]*:/.test(bare)
  return !hasScheme || HARMLESS_URL.test(bare) ? escapeText(url) : REFUSED_URL
}
