import { text } from 'node:stream/consumers'
import type Provider from 'oidc-provider'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Person } from './settings.ts'

/**
 * Who comes with a `login_hint` that is somebody's `sub` or address is signed in without a page. Everybody else gets a form with
 * a button for each person; posting `sub` does the same, and anything unknown is a refusal by the provider.
 */
export async function answerInteraction(
  context: Pick<KoaContextWithOIDC, 'req' | 'res' | 'method' | 'redirect' | 'type' | 'body'>,
  provider: Provider,
  people: readonly Person[],
): Promise<void> {
  const { req, res } = context
  const { params } = await provider.interactionDetails(req, res)
  const chosen = context.method === 'POST' ? new URLSearchParams(await text(req)).get('sub') : params.login_hint
  if (!chosen && context.method !== 'POST') {
    context.type = 'html'
    context.body = page(people)
    return
  }
  const person = people.find(({ sub, email }) => sub === chosen || email === chosen)
  const result = person
    ? { login: { accountId: person.sub, ...factorsOf(person) }, consent: {} }
    : { error: 'access_denied' }
  context.redirect(await provider.interactionResult(req, res, result))
}

const page = (people: readonly Person[]) =>
  `<!doctype html><html lang="en"><title>Sign in</title><form method="post">${people
    .map(({ sub, email }) => `<button name="sub" value="${escaped(sub)}">${escaped(email ?? sub)}</button>`)
    .join('')}</form></html>`

const escaped = (value: string) => value.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** What was asked of them, where it is said. */
const factorsOf = ({ amr }: Person) => (Array.isArray(amr) ? { amr: amr as string[] } : {})
