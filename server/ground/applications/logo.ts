/** Longer drawings are pictures in disguise; this is read at every sign-in. */
export const LOGO_LENGTH_MAX = 16 * 1024
/** Enough for any mark; more is slow to draw in somebody's browser. */
const ELEMENTS_MAX = 500
const DEPTH_MAX = 16

export type ReadLogo = { outcome: 'ok'; svg: string } | { outcome: 'invalid'; says: string }

/** What a drawing may be made of. No `use`, which multiplies; no text, which wants a font; nothing that links or runs. */
const ELEMENTS = new Set([
  'svg', 'g', 'defs', 'title', 'path', 'rect', 'circle', 'ellipse', 'line', 'polyline', 'polygon',
  'linearGradient', 'radialGradient', 'stop', 'clipPath',
]) // biome-ignore format: one list, read across
const ATTRIBUTES = new Set([
  'id', 'viewBox', 'preserveAspectRatio', 'transform', 'd', 'points', 'x', 'y', 'x1', 'y1', 'x2', 'y2', 'cx', 'cy', 'r',
  'rx', 'ry', 'fx', 'fy', 'fr', 'width', 'height', 'offset', 'pathLength', 'gradientUnits', 'gradientTransform',
  'spreadMethod', 'clipPathUnits', 'href',
]) // biome-ignore format: one list, read across
/** As attributes, or in `style`. */
const PROPERTIES = new Set([
  'fill', 'fill-opacity', 'fill-rule', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-linecap', 'stroke-linejoin',
  'stroke-miterlimit', 'stroke-dasharray', 'stroke-dashoffset', 'opacity', 'color', 'stop-color', 'stop-opacity',
  'clip-path', 'clip-rule', 'paint-order', 'vector-effect', 'display', 'visibility',
]) // biome-ignore format: one list, read across
/** What editors leave behind: it means nothing to a drawing and is dropped without a word. */
const LEFT_BEHIND =
  /^(xmlns(:[\w-]+)?|version|baseProfile|class|role|tabindex|focusable|data-[\w-]+|aria-[\w-]+|(?!xlink:)[\w-]+:[\w-]+)$/

const TAG = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
/** A declaration and comments; a DOCTYPE can define entities and is refused with whatever else is no tag. */
const SKIPPED = /<\?xml\s[^<>]*\?>|<!--(?:(?!--)[\s\S])*-->/y
const LOCAL = /^#[A-Za-z_][\w.-]{0,63}$/
const PLAIN_VALUE = /^[\w\s.,#%()+/:;*=-]*$/
const LOCAL_PAINT = /^url\((["']?)#[A-Za-z_][\w.-]{0,63}\1\)$/

class Unfit extends Error {}

/**
 * Reads a drawing strictly and writes it anew from what it knows, so that nothing stands in it that we did not mean.
 * Whoever drew it is told what to take out; leftovers of editors are dropped.
 */
export function readLogo(text: string): ReadLogo {
  if (text.length > LOGO_LENGTH_MAX) return { outcome: 'invalid', says: 'The logo is larger than 16 KiB.' }
  try {
    const svg = writtenAnew(text.trim())
    if (svg.length > LOGO_LENGTH_MAX) throw new Unfit('The logo is larger than 16 KiB.')
    return { outcome: 'ok', svg }
  } catch (error) {
    if (error instanceof Unfit) return { outcome: 'invalid', says: error.message }
    throw error
  }
}

interface Open {
  name: string
  isDropped: boolean
}

function writtenAnew(source: string): string {
  const open: Open[] = []
  let [at, count, written] = [0, 0, '']
  while (at < source.length) {
    const skipped = matchAt(SKIPPED, source, at)
    if (skipped) {
      at += skipped[0].length
      continue
    }
    const isOver = open.length === 0 && count > 0
    if (source[at] !== '<') {
      const end = source.indexOf('<', at)
      const between = source.slice(at, end === -1 ? source.length : end)
      if (isOver || (open.length === 0 && between.trim() !== '')) throw new Unfit('Something stands outside of <svg>.')
      const top = open.at(-1)
      if (top && !top.isDropped && top.name === 'title') written += escaped(decoded(between))
      at += between.length
      continue
    }
    const tag = matchAt(TAG, source, at)
    if (!tag || isOver) throw new Unfit(`The logo is not a plain SVG, at character ${at}.`)
    at += tag[0].length
    if (++count > 2 * ELEMENTS_MAX) throw new Unfit(`The logo has more than ${ELEMENTS_MAX} elements.`)
    written += tag[1] ? closed(open, tag[2]!) : opened(open, { name: tag[2]!, said: tag[3]!, isEmpty: tag[4] === '/' })
  }
  if (open.length > 0 || count === 0) throw new Unfit('The logo is not a whole <svg>.')
  return written
}

function closed(open: Open[], name: string): string {
  const top = open.pop()
  if (top?.name !== name) throw new Unfit(`</${name.slice(0, 40)}> closes nothing.`)
  return top.isDropped ? '' : `</${name}>`
}

function opened(open: Open[], tag: { name: string; said: string; isEmpty: boolean }): string {
  const { name, said, isEmpty } = tag
  const isRoot = open.length === 0
  if (isRoot && name !== 'svg') throw new Unfit('The logo does not begin with <svg>.')
  if (open.length >= DEPTH_MAX) throw new Unfit(`The logo is more than ${DEPTH_MAX} elements deep.`)
  // Within what is dropped everything is, whatever it is.
  const isDropped = open.at(-1)?.isDropped === true || name === 'metadata' || name === 'desc' || name.includes(':')
  if (!isDropped && (!ELEMENTS.has(name) || (name === 'svg' && !isRoot))) {
    throw new Unfit(`<${name.slice(0, 40)}> may not be in a logo: only shapes, paths and gradients.`)
  }
  if (!isEmpty) open.push({ name, isDropped })
  else if (isRoot) throw new Unfit('The logo is empty.')
  if (isDropped) return ''
  const attributes = attributesOf(name, said)
  if (isRoot && !attributes.some(([each, value]) => each === 'viewBox' && isViewBox(value))) {
    throw new Unfit('The logo needs a viewBox, as in viewBox="0 0 32 32".')
  }
  const own = isRoot ? ' xmlns="http://www.w3.org/2000/svg"' : ''
  return `<${name}${own}${attributes.map(([each, value]) => ` ${each}="${escaped(value)}"`).join('')}${isEmpty ? '/' : ''}>`
}

function attributesOf(element: string, said: string): [name: string, value: string][] {
  const kept = new Map<string, string>()
  for (const [, raw = '', double, single] of said.matchAll(ATTRIBUTE)) {
    const name = raw === 'xlink:href' ? 'href' : raw
    if (LEFT_BEHIND.test(name)) continue
    // Its size is the page's business.
    if (element === 'svg' && ['width', 'height', 'x', 'y', 'id'].includes(name)) continue
    const value = decoded(double ?? single ?? '').trim()
    for (const [each, its] of name === 'style' ? declarations(value) : [[name, value] as const]) {
      if (kept.has(each) && name !== 'style') throw new Unfit(`${each} stands twice on <${element}>.`)
      kept.set(each, checked(element, each, its))
    }
  }
  return [...kept]
}

function checked(element: string, name: string, value: string): string {
  if (!ATTRIBUTES.has(name) && !PROPERTIES.has(name)) {
    throw new Unfit(`The attribute ${name.slice(0, 40)} may not be in a logo.`)
  }
  if (name === 'href' && !(element.endsWith('Gradient') && LOCAL.test(value))) {
    throw new Unfit('A logo may refer only to its own gradients, as in href="#blue".')
  }
  const isFine = /url/i.test(value) ? PROPERTIES.has(name) && LOCAL_PAINT.test(value) : PLAIN_VALUE.test(value)
  if (!isFine) throw new Unfit(`The value of ${name} may not be in a logo: nothing is loaded, and nothing runs.`)
  return value
}

function declarations(style: string): [name: string, value: string][] {
  return style
    .split(';')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('-'))
    .map((each) => {
      const colon = each.indexOf(':')
      const name = each.slice(0, Math.max(0, colon)).trim()
      if (!PROPERTIES.has(name)) throw new Unfit(`The style ${name.slice(0, 40)} may not be in a logo.`)
      return [name, each.slice(colon + 1).trim()]
    })
}

function isViewBox(value: string): boolean {
  const numbers = value.split(/[\s,]+/).map(Number)
  return numbers.length === 4 && numbers.every(Number.isFinite) && numbers[2]! > 0 && numbers[3]! > 0
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five names of XML and plain numbers; every other entity would have to be defined somewhere. */
function decoded(text: string): string {
  return text.replace(/&([^;]{0,10};?)/g, (_whole, said: string) => {
    const name = said.endsWith(';') ? said.slice(0, -1) : ''
    const number = /^#(?:x([0-9a-f]{1,6})|([0-9]{1,7}))$/i.exec(name)
    const point = number ? Number.parseInt(number[1] ?? number[2]!, number[1] ? 16 : 10) : Number.NaN
    const character = Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined
    if (character !== undefined) return character
    if (point >= 0x20 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)) return String.fromCodePoint(point)
    throw new Unfit('The logo has an entity that is not known.')
  })
}

const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
