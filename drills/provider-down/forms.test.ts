import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formsIn, linkIn } from './forms.ts'

test('what a form would send is read from its page, entities and all', () => {
  const page = `
<form method="post" action="/auth/sign-in/provider/prv_1?a=1&amp;b=2">
  <input type="hidden" name="return_to" value="/account?x=&quot;1&quot;"><button type="submit">Go on</button></form>
<p>between</p><form action="/sign-in"><input name="email" required><input type="hidden" value="nameless"></form>
<a class="button" id="provider" href="https://idp.example/auth?c=1&amp;d=2">Go on</a>`
  assert.deepEqual(formsIn(page), [
    { action: '/auth/sign-in/provider/prv_1?a=1&b=2', fields: { return_to: '/account?x="1"' } },
    { action: '/sign-in', fields: { email: '' } },
  ])
  assert.equal(linkIn(page, 'provider'), 'https://idp.example/auth?c=1&d=2')
  assert.equal(linkIn(page, 'other'), undefined)
})
