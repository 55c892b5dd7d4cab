import { type Html, html } from '../html.ts'
import type { WhoAmI } from '../who-am-i.ts'
import { moment } from './moment.ts'

export interface SettingsProps {
  who: WhoAmI
  email: string | null
  ownNotes: number
  /** How many were just deleted. */
  deleted?: number
}

/** What is only done on a fresh sign-in, and never on knowledge of a while ago. */
export function settingsPage({ who, email, ownNotes, deleted }: SettingsProps): Html {
  return html`<section class="sheet" aria-labelledby="settings-title">
<h1 id="settings-title">Settings</h1>
${deleted !== undefined && html`<p class="done" role="status">${count(deleted)} deleted.</p>`}
<p class="lead">This page wants to be sure. It opens only to somebody who signed in during the last five minutes, and only while Holdfast can confirm it right now.</p>
<dl class="facts">
<div><dt>Name</dt><dd>${who.name}</dd></div>
<div><dt>E-mail</dt><dd>${email ?? 'none'}</dd></div>
<div><dt>Signed in</dt><dd>${who.authenticated_at && moment(who.authenticated_at)}</dd></div>
<div><dt>Confirmed by</dt><dd>${who.source}</dd></div>
</dl>
<p>Your name, your picture and the devices you are signed in on are kept by Holdfast: <a href="/auth/account">your account</a>.</p>
<h2>Delete what you wrote</h2>
${
  ownNotes === 0
    ? html`<p>You have written no notes.</p>`
    : html`<form method="post" action="/settings/delete-notes">
<p>Removes ${ownNotes === 1 ? 'your one note' : `all ${ownNotes} of your notes`} for everybody. It cannot be undone.</p>
<label for="confirm">Type <strong>delete</strong> to go ahead</label>
<input id="confirm" name="confirm" autocomplete="off" required pattern="delete" title="the word delete">
<button class="danger">Delete ${count(ownNotes)}</button>
</form>`
}
</section>`
}

const count = (number: number) => `${number} ${number === 1 ? 'note' : 'notes'}`
