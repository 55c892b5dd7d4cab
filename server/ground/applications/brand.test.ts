import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { keptBrand, NO_BRAND, readBrand } from './brand.ts'
import { readLogo } from './logo.ts'

const svg = (inside: string, more = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"${more}>${inside}</svg>`

function refused(text: string): string {
  const read = readLogo(text)
  assert.equal(read.outcome, 'invalid', text)
  return read.outcome === 'invalid' ? read.says : ''
}
function fine(text: string): string {
  const read = readLogo(text)
  assert.equal(read.outcome, 'ok', read.outcome === 'invalid' ? read.says : text)
  return read.outcome === 'ok' ? read.svg : ''
}

test('a drawing of shapes, paths and gradients is kept, and comes out the same the second time', () => {
  const drawn = fine(
    `<?xml version="1.0"?><!-- made with care -->${svg(
      `<title>Acme &amp; Co</title><defs><linearGradient id="a" x1="0" x2="1"><stop offset="0" stop-color="#f80"/>
       <stop offset="100%" style="stop-color: rgb(1, 2, 3); stop-opacity:.5"/></linearGradient>
       <linearGradient id="b" xlink:href="#a"/></defs>
       <g transform="translate(1 1) rotate(-4.5)"><path d="M0 0h32v32H0z" fill="url(#a)" class="x" data-name="y"/></g>
       <circle cx="16" cy='16' r="4" style="fill:none;stroke:currentColor"/>`,
      ' width="512" height="512" xmlns:inkscape="http://example.test" inkscape:version="1" id="Layer_1"',
    )}\n`,
  )
  assert.match(drawn, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 32 32">/)
  assert.match(drawn, /<title>Acme &#38; Co<\/title>/)
  assert.match(drawn, /<linearGradient id="b" href="#a"\/>/)
  assert.match(drawn, /fill="url\(#a\)"/)
  assert.match(drawn, /fill="none" stroke="currentColor"/)
  assert.doesNotMatch(drawn, /class|data-name|inkscape|512|made with care/)
  assert.equal(fine(drawn), drawn)
})

test('what editors leave behind is dropped with everything in it', () => {
  const drawn = fine(svg('<metadata><rdf:RDF><script>alert(1)</script></rdf:RDF></metadata><path d="M0 0"/>'))
  assert.equal(drawn, svg('<path d="M0 0"/>'))
})

test('nothing in a logo runs, is loaded, or leads anywhere', () => {
  const hostile = [
    svg('<script>alert(1)</script>'),
    svg('<SCRIPT>alert(1)</SCRIPT>'),
    svg('<path d="M0 0" onload="alert(1)"/>'),
    svg('', ' onload="alert(1)"'),
    svg('<a href="https://evil.test"><path d="M0 0"/></a>'),
    svg('<image href="https://evil.test/x.png"/>'),
    svg('<use href="#a"/>'),
    svg('<use xlink:href="https://evil.test/x.svg#a"/>'),
    svg('<foreignObject><body onload="alert(1)"/></foreignObject>'),
    svg('<style>@import "https://evil.test/x.css"</style>'),
    svg('<animate attributeName="href" values="javascript:alert(1)"/>'),
    svg('<set attributeName="onmouseover" to="alert(1)"/>'),
    svg('<linearGradient id="a" href="https://evil.test/#a"/>'),
    svg('<linearGradient id="a" href="javascript:alert(1)"/>'),
    svg('<linearGradient id="a" href="&#106;avascript:alert(1)"/>'),
    svg('<path d="M0 0" href="#a"/>'),
    svg('<path d="M0 0" fill="url(https://evil.test/x.svg#a)"/>'),
    svg('<path d="M0 0" fill="url(#a) url(https://evil.test)"/>'),
    svg('<path d="M0 0" fill="ur\\6c(https://evil.test)"/>'),
    svg('<path d="M0 0" fill="&#117;rl(https://evil.test)"/>'),
    svg('<path d="M0 0" style="fill:url(//evil.test/x)"/>'),
    svg('<path d="M0 0" style="background:url(https://evil.test/x)"/>'),
    svg('<path d="M0 0" style="fill:expression(alert(1));behavior:x"/>'),
    svg('<path d="M0 0" style="fill:image(\'https://evil.test\')"/>'),
    svg('<path d="M0 0" clip-path="url(data:image/svg+xml,x)"/>'),
    svg('<path id="a&quot; onload=&quot;alert(1)" d="M0 0"/>'),
    svg('<path d="M0 0" d="M1 1"/>'),
    svg('<path d=M0/>'),
    svg('<path d="M0 0"'),
    svg('<title><b>x</b></title>'),
    svg('<title>&evil;</title>'),
    svg('<![CDATA[<script>alert(1)</script>]]>'),
    svg('<?xml-stylesheet href="https://evil.test/x.css"?>'),
    svg('<svg viewBox="0 0 1 1"/>'),
    svg('<text>Holdfast</text>'),
    '<!DOCTYPE svg [<!ENTITY x "y">]><svg viewBox="0 0 1 1">&x;</svg>',
    '<html><body>no</body></html>',
    '<svg viewBox="0 0 1 1"/>',
    '<svg viewBox="0 0 0 1"><path/></svg>',
    '<svg><path d="M0 0"/></svg>',
    `${svg('')}<script>alert(1)</script>`,
    `${svg('')}text`,
    `text${svg('')}`,
    svg('<g>'),
    svg('</g>'),
    '',
    ' ',
  ]
  for (const text of hostile) assert.ok(refused(text).endsWith('.'), text)
})

test('a logo that is large, deep or crowded is refused, each with its limit', () => {
  assert.match(refused(svg(`<path d="${'M0 0'.repeat(5000)}"/>`)), /16 KiB/)
  assert.match(refused(svg('<g>'.repeat(20) + '</g>'.repeat(20))), /16 elements deep/)
  assert.match(refused(svg('<g/>'.repeat(1001))), /500 elements/)
})

test('whatever is thrown at it, what comes out is made of known parts and comes out the same again', () => {
  const piece = fc.constantFrom(
    '<svg viewBox="0 0 1 1">', '</svg>', '<g>', '</g>', '<path d="M0"/>', '<script>', '</script>', ' onload="x"', '<!--', '-->',
    '<title>', '</title>', '&lt;script&gt;', '"', "'", '<', '>', 'url(', '#a', '<metadata>', '</metadata>', '\0', '\ud800',
  ) // biome-ignore format: one list, read across
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const read = readLogo(`<svg viewBox="0 0 1 1">${pieces.join('')}</svg>`)
      if (read.outcome === 'invalid') return
      assert.doesNotMatch(read.svg, /<(?!\/?(svg|g|path|title)\b)|onload="/)
      assert.equal(fine(read.svg), read.svg)
    }),
    { numRuns: 500 },
  )
})

test('a brand in part is a whole one with the rest empty', () => {
  assert.deepEqual(readBrand({}), { outcome: 'ok', brand: NO_BRAND })
  assert.deepEqual(readBrand({ name: ' Acme ', accent: { hue: 264, chroma: 0.12 } }), {
    outcome: 'ok',
    brand: { ...NO_BRAND, name: 'Acme', accent: { hue: 264, chroma: 0.12 } },
  })
})

test('what is wrong with a brand is told at its field', () => {
  const at = (said: unknown, field: string | null) => {
    const read = readBrand(said)
    assert.equal(read.outcome === 'invalid' ? read.at : 'ok', field, JSON.stringify(said))
  }
  for (const said of [null, 'x', [], 4]) at(said, null)
  at({ colour: 'red' }, null)
  at({ name: 'a\r\nBcc: eve@evil.test' }, 'name')
  at({ name: 'x'.repeat(81) }, 'name')
  at({ accent: { hue: 400, chroma: 0.1 } }, 'accent')
  at({ accent: { hue: 40, chroma: 0.4 } }, 'accent')
  at({ logo_svg: '<svg/>' }, 'logo_svg')
  for (const url of [
    'http://acme.test',
    'javascript:alert(1)',
    '/terms',
    'https://a:b@acme.test',
    'https://acme.test/ x',
  ]) {
    at({ terms_url: url }, 'terms_url')
  }
  at({ support_url: 'mailto:help@acme.test?bcc=eve@evil.test' }, 'support_url')
  at({ support_url: 'mailto:help@acme.test', privacy_url: 'https://acme.test/privacy' }, 'ok')
})

test('a kept brand that no longer fits looks like none, and stops nothing', () => {
  for (const kept of [null, undefined, 'x', { logo_svg: '<svg onload="x"/>' }])
    assert.deepEqual(keptBrand(kept), NO_BRAND)
})
