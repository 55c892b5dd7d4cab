import { type Html, html } from '../html.ts'
import type { StandIn } from '../who-am-i.ts'
import { moment } from './moment.ts'

export interface LayoutProps {
  title: string
  /** Of the person who is signed in. */
  name?: string
  /** Who of support acts as them; a product says so on every page. */
  support?: string | undefined
  /** They came in another way while their provider was down; a product says so on every page. */
  standIn?: StandIn | undefined
  /** Where they confirm. */
  signInUrl: string
  /** Where sign-out comes back to, as a whole address. */
  signedOutUrl?: string
  /** Comes back by itself after so many seconds. */
  refreshS?: number
  /** Keeps the panel alive. */
  isLive?: boolean
  styleUrl: string
  scriptUrl: string
}

/** Every page of Fieldnotes. */
export function layout(props: LayoutProps, content: Html): string {
  const { title, name, refreshS, isLive = false } = props
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refreshS !== undefined && html`<meta http-equiv="refresh" content="${refreshS}">`}
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${props.styleUrl}">
${isLive && html`<script src="${props.scriptUrl}" defer></script>`}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header class="top">
<a class="name" href="/">${logo}Fieldnotes</a>
${name !== undefined && account(name, props.signedOutUrl ?? '/')}
</header>
${props.support !== undefined && html`<form class="refusal" role="status" method="post" action="/auth/impersonation/end">${props.support} acts as ${name}. <button class="plain">End</button></form>`}
${props.standIn !== undefined && standInNotice(props.standIn, props.signInUrl)}
<main id="content">
${content}
</main>
<footer class="foot">
<p>Fieldnotes is the demo app of Holdfast, and another company’s product: its sessions come from Holdfast, its notes are its own.</p>
</footer>
</body>
</html>
`
  return page.html
}

/** A page of a notebook with its ribbon. */
const logo = html`<svg class="logo" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true"><path d="M5 3h11l4 4v14H5z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round"/><path d="M8.5 9.5h7M8.5 13h7M8.5 16.5h4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><path class="ribbon" d="M15 2h3v7l-1.5-1.4L15 9z"/></svg>`

function account(name: string, signedOutUrl: string): Html {
  return html`<nav class="account" aria-label="Your account">
<span class="who">${name}</span>
<a href="/settings">Settings</a>
<form method="post" action="/auth/sign-out"><input type="hidden" name="return_to" value="${signedOutUrl}"><button class="plain">Sign out</button></form>
</nav>`
}

/** The session does not say whose login it was, so neither do we. */
function standInNotice({ dueAt }: StandIn, signInUrl: string): Html {
  const said = 'You signed in while your company’s login was down.'
  if (dueAt === null) {
    return html`<p class="stand-in" role="status">${said} When it is back, you are asked to confirm there.</p>`
  }
  return html`<p class="stand-in" role="status">${said} It is back: confirm by ${moment(dueAt)}, or you are signed out. <a href="${signInUrl}">Confirm now</a></p>`
}
