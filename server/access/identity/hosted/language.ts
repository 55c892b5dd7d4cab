import { cookieName, cookies } from '../../../../sdk/contract.ts'
import { type Answer, type Call, type CookieChange, redirect, type Route } from '../../../platform/http/index.ts'
import { isLanguage, languageOf, languageOfHeader } from '../words/words.ts'
import { pathOf } from './again.ts'

/** The longest that browsers keep a cookie (RFC 6265bis §5.5). */
const KEPT_SECONDS = 400 * 24 * 3600

/**
 * The language of a page: what was chosen at its foot in this browser, else what the person's profile says, else what
 * the browser asks for. Undefined: none of ours.
 */
export function languageFor(call: Call, locale?: string | null): string | undefined {
  return chosen(call) ?? languageOf(locale) ?? languageOfHeader(call.headers['accept-language'])
}

function chosen(call: Call): string | undefined {
  const kept = call.cookies[cookieName(cookies.language, call.isSecure)]
  return isLanguage(kept) ? kept : undefined
}

/** A profile says it from now on: what was chosen in this browser before must not stand against it. */
export function forgetChoice(call: Call): CookieChange[] {
  const name = cookieName(cookies.language, call.isSecure)
  return call.cookies[name] === undefined ? [] : [{ name, value: null, isSecure: call.isSecure }]
}

/**
 * Every page can be opened with `?lang=de`: it is kept in a cookie, and the same address is opened without it. So the
 * choice lasts through the steps of a sign-in, and no address that leads on ever carries it.
 */
export function inChosenLanguage(route: Route): Route {
  if (route.method !== 'GET' || route.options.kind !== 'page') return route
  return { ...route, handle: (call) => keepChoice(call) ?? route.handle(call) }
}

function keepChoice(call: Call): Answer | undefined {
  const { lang } = (call.query ?? {}) as { lang?: unknown }
  if (!isLanguage(lang)) return undefined
  const name = cookieName(cookies.language, call.isSecure)
  const cookie = { name, value: lang, maxAgeSeconds: KEPT_SECONDS, isSecure: call.isSecure }
  return redirect(`${call.prefix}${pathOf(call)}`, { cookies: [cookie] })
}
