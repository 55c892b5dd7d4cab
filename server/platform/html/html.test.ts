import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { attributes, html, type HtmlValue, render, trusted } from './html.ts'

test('text is escaped by default, between tags and in attributes', () => {
  const hostile = `<img src=x onerror='alert("1")'> & \0`
  const escaped = '&lt;img src=x onerror=&#39;alert(&quot;1&quot;)&#39;&gt; &amp; \ufffd'
  assert.equal(render(html`<p title="${hostile}">${hostile}</p>`), `<p title="${escaped}">${escaped}</p>`)
})

test('markup made here nests unescaped, in lists too, and nothing becomes nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`)
  assert.equal(render(html`<ul>${items}${null}${undefined}${false}${0}</ul>`), '<ul><li>a</li><li>&lt;b&gt;</li>0</ul>')
  assert.equal(render(html`${trusted('<hr>')}`), '<hr>')
})

test('what only looks like markup is refused', () => {
  for (const forged of [{ markup: '<script>' }, { toString: () => '<b>' }, true, Symbol('x'), () => '<b>']) {
    assert.throws(() => html`<p>${forged as unknown as HtmlValue}</p>`, TypeError)
  }
})

test('a URL may lead away but never run', () => {
  const check = (url: string, isFollowed: boolean) => {
    for (const written of [render(html`<a href="${url}">x</a>`), render(html`<a ${attributes({ href: url })}>x</a>`)]) {
      assert.equal(!written.includes('about:invalid#refused'), isFollowed, url)
    }
  }
  for (const url of [
    '/sign-in?a=b:c',
    'https://acme.test/a',
    'mailto:ana@acme.test',
    '#x',
    '?x=javascript:1',
    '',
    'data:image/png;base64,AA',
  ]) {
    check(url, true)
  }
  const running = [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'java\nscript:alert(1)',
    '\u0001javascript:alert(1)',
    'java\tscript\r:1',
  ]
  for (const url of [
    ...running,
    'vbscript:x',
    'data:text/html,<script>',
    'data:image/svg+xml,<svg>',
    'blob:https://x',
    'file:///etc/passwd',
    '\u200bjavascript:1',
  ]) {
    check(url, false)
  }
})

test('a value is refused where no escaping would make it safe', () => {
  const x = 'x'
  const refused = [
    () => html`<p title=${x}></p>`,
    () => html`<p ${x}></p>`,
    () => html`<p disabled${x}></p>`,
    () => html`<${x}>`,
    () => html`</${x}>`,
    () => html`<div${attributes({ id: 'a' })}></div>`,
    () => html`<script>${x}</script>`,
    () => html`<style>p { color: ${x} }</style>`,
    () => html`<p onclick="${x}"></p>`,
    () => html`<p style="color: ${x}"></p>`,
    () => html`<img srcset="${x}">`,
    () => html`<!-- ${x} -->`,
    () => html`<a href="${x}${x}">x</a>`,
    () => html`<p title="${html`<b>x</b>`}"></p>`,
    () => html`<p title="${[x]}"></p>`,
    () => html`<p>${attributes({ id: x })}</p>`,
    () => attributes({ onclick: x }),
    () => attributes({ style: x }),
    () => attributes({ 'a"b': x }),
    () => html`<p title="${x}`,
  ]
  for (const attempt of refused) assert.throws(attempt, TypeError, String(attempt))
})

test('lone brackets, comments and programs without holes do not confuse the reader', () => {
  const written = html`<!doctype html><p>1 < 2 ${'a'}</p><!-- <p title="> --><script>if (a<b) go("</p>")</script><br/>${'b'}`
  assert.match(render(written), /2 a<.*<br\/>b$/)
})

test('whatever the text, it adds no tag, no attribute and no character to the markup around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const written = render(html`<p title="${text}" lang='${text}'>${text}</p>`)
      const [, inQuotes, inApostrophes, inText] = written.match(/^<p title="([^"]*)" lang='([^']*)'>([^<>]*)<\/p>$/s)!
      assert.equal(inQuotes, inText)
      assert.equal(inApostrophes, inText)
    }),
  )
})
