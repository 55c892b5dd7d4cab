import { type Html, html, type HtmlValue, render } from '../../../platform/html/html.ts'
import type { Brand } from '../pages/index.ts'
import { isZone } from '../pages/moment.ts'
import { deviceIn } from '../words/device.ts'
import type { Words } from '../words/words.ts'

/** What a mail is before it has a sender and a way out. */
export interface Mail {
  subject: string
  text: string
  html: string
}

export interface Letter {
  words: Words
  brand: Pick<Brand, 'name' | 'colour' | 'supportUrl' | 'privacyUrl' | 'termsUrl'>
  /** IANA name of the receiver's zone, when their profile has one. */
  zone?: string | null
}

/** A part of a mail, written once for both of its bodies. */
export type Part =
  | { kind: 'text'; text: string }
  | { kind: 'quiet'; text: string }
  | { kind: 'code'; code: string }
  | { kind: 'button'; label: string; url: string }
  | { kind: 'facts'; facts: [name: string, value: string][] }

export function mailOf(letter: Letter, subject: string, title: string, parts: Part[]): Mail {
  return {
    subject: oneLine(subject),
    text: `${[title, ...parts.map((part, at) => asText(part, parts[at - 1]))].join('\n\n')}\n\n-- \n${[letter.brand.name, ...linksOf(letter).map(([label, url]) => `${label}: ${plainAddress(url)}`)].join('\n')}\n`,
    html: render(asDocument(letter, title, parts)),
  }
}

/** An address says what it is for, unless the sentence before it has just said so. */
function asText(part: Part, before?: Part): string {
  if (part.kind === 'code') return `    ${spaced(part.code)}`
  if (part.kind === 'button') {
    const isTold = before?.kind === 'text' && before.text.endsWith(':')
    return isTold ? part.url : `${part.label}:\n${part.url}`
  }
  if (part.kind === 'facts') return part.facts.map(([name, value]) => `${name}: ${value}`).join('\n')
  return part.text
}

/**
 * Old mail programs know tables and inline styles, and little else; so that is all there is. No image and nothing
 * loaded: a mail must look the same offline, and must not tell anybody that it was opened.
 */
function asDocument(letter: Letter, title: string, parts: Part[]): Html {
  return html`<!doctype html>
<html lang="${letter.words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${title}</title>
</head>
<body style="margin:0;padding:0">
${preheader(parts)}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:480px;text-align:left;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;word-break:break-word">
<tr><td style="padding:0 0 16px"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td width="4" bgcolor="${colourOf(letter)}"></td><td style="padding-left:12px;font-weight:600">${letter.brand.name}</td></tr></table></td></tr>
<tr><td><h1 style="margin:0 0 16px;font-size:22px;line-height:1.3;font-weight:600">${title}</h1></td></tr>
${parts.map((part) => html`<tr><td style="padding:0 0 16px">${asMarkup(letter, part)}</td></tr>`)}
${footOf(letter)}
</table>
</td></tr></table>
</body>
</html>
`
}

/** What a list of mails shows beside the subject: the first sentence, not the brand and the title again. */
function preheader(parts: Part[]): Html | null {
  const first = parts.find((part) => part.kind === 'text')
  return (
    (first &&
      html`<div style="display:none;max-height:0;overflow:hidden;mso-hide:all" aria-hidden="true">${first.text}</div>`) ??
    null
  )
}

function asMarkup(letter: Letter, part: Part): HtmlValue {
  if (part.kind === 'text') return part.text
  if (part.kind === 'quiet') return html`<span style="font-size:14px;opacity:0.8">${part.text}</span>`
  // One run of six digits: a copy of it has no space, and mail programs find it.
  if (part.kind === 'code')
    return html`<span style="font-size:34px;line-height:1.2;font-weight:700;letter-spacing:6px">${part.code}</span>`
  if (part.kind === 'button') return button(letter, part)
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="font-size:14px">${part.facts.map(
    ([name, value]) =>
      html`<tr><td valign="top" style="padding:2px 16px 2px 0;opacity:0.8;white-space:nowrap">${name}</td><td style="padding:2px 0;word-break:break-word">${value}</td></tr>`,
  )}</table>`
}

/** Without a brand: the accent of the hosted pages. As an attribute, because no value may stand in a style. */
const OUR_COLOUR = '#12656b'
const colourOf = ({ brand }: Letter) => (/^#[0-9a-f]{6}$/.test(brand.colour ?? '') ? brand.colour! : OUR_COLOUR)

function linksOf({ words, brand }: Letter): [label: string, url: string][] {
  const links: [string, string | null | undefined][] = [
    [words.common.support, brand.supportUrl],
    [words.common.privacy, brand.privacyUrl],
    [words.common.terms, brand.termsUrl],
  ]
  return links.filter((each): each is [string, string] => Boolean(each[1]))
}

const plainAddress = (url: string) => url.replace(/^mailto:/, '')

function footOf(letter: Letter): Html | null {
  const links = linksOf(letter)
  if (links.length === 0) return null
  return html`<tr><td style="padding:8px 0 0;font-size:13px">${links.map(
    ([label, url]) => html`<a href="${url}" style="color:inherit">${label}</a> &nbsp; `,
  )}</td></tr>`
}

function button(letter: Letter, { label, url }: { label: string; url: string }): Html {
  const colour = colourOf(letter)
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td bgcolor="${colour}" style="border-radius:6px"><a href="${url}" style="display:inline-block;padding:12px 24px;color:#ffffff;border-radius:6px;font-weight:600;text-decoration:none">${label}</a></td></tr></table>
<p style="margin:8px 0 0;font-size:13px;opacity:0.8;word-break:break-all">${url}</p>`
}

/** `482 913`: two groups are read, remembered and typed more easily than six digits. */
export function spaced(code: string): string {
  const middle = Math.ceil(code.length / 2)
  return `${code.slice(0, middle)} ${code.slice(middle)}`
}

/** A line break in a subject would begin a header of somebody else's choosing. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim()
}

/** Longer names of devices are somebody's text, not a browser's. */
const DEVICE_LENGTH_MAX = 60

/**
 * The device is taken from a header that whoever asks for the mail may write, and our mail must not carry their
 * message: no address, no link, nothing that a mail program would make one of.
 */
export function plainDevice(letter: Letter, device: string): string {
  const plain = device
    .replace(/[^\p{L}\p{N} ()-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return deviceIn(letter.words, plain.slice(0, DEVICE_LENGTH_MAX).trim())
}

/** `21 Nov 2026, 10:42 (UTC)`. A mail is read on another day and device than it was asked for. */
export function mailTime(letter: Letter, at: Date): string {
  const zone = letter.zone && isZone(letter.zone) ? letter.zone : 'UTC'
  const format = formatFor(letter.words.formatting, zone)
  return letter.words.mails.at(format.format(at), zone.replaceAll('_', ' '))
}

/** Two languages in most zones of the world, about a kilobyte each. */
const FORMATS_MAX = 200
const formats = new Map<string, Intl.DateTimeFormat>()

/** Kept: to make one takes 200 µs, more than all the rest of a mail. */
function formatFor(locale: string, timeZone: string): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone}`
  const kept = formats.get(key)
  if (kept) return kept
  const made = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  if (formats.size >= FORMATS_MAX) formats.delete(formats.keys().next().value!)
  formats.set(key, made)
  return made
}
