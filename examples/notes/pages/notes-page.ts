import { type Html, html } from '../html.ts'
import { NOTE_CHARACTERS_MAX, type Note } from '../notebook.ts'
import type { WhoAmI } from '../who-am-i.ts'
import { moment } from './moment.ts'
import { panel, panelLine } from './panel.ts'

export interface NotesProps {
  notes: readonly Note[]
  userId: string
  who: WhoAmI
  /** What was typed and could not be kept, and why. */
  refused?: { text: string; why: string }
}

/** The notebook of the team, for somebody who is signed in. */
export function notesPage({ notes, userId, who, refused }: NotesProps): Html {
  return html`<div class="desk" data-view="${who.view}">
<section class="book" aria-labelledby="book-title">
<h1 id="book-title">The team’s notes</h1>
${panelLine(who)}
${composer(refused)}
${notes.length === 0 ? empty : html`<ol class="notes">${notes.map((note) => leaf(note, note.author.id === userId))}</ol>`}
</section>
${panel(who)}
</div>`
}

function composer(refused: NotesProps['refused']): Html {
  return html`<form class="composer" method="post" action="/notes">
<label for="text">Write something down</label>
${refused && html`<p class="refusal" id="refusal" role="alert">${refused.why}</p>`}
<textarea id="text" name="text" rows="3" required maxlength="${NOTE_CHARACTERS_MAX}" placeholder="What should the others know?"${refused && html` aria-describedby="refusal" aria-invalid="true"`}>${refused?.text}</textarea>
<button>Add note</button>
</form>`
}

const empty = html`<p class="empty">Nothing is written down yet. The first note is yours; everybody who signs in here will see it.</p>`

function leaf(note: Note, isOwn: boolean): Html {
  return html`<li class="leaf">
<div class="margin"><span class="author">${isOwn ? 'You' : note.author.name}</span> ${moment(note.created_at)}</div>
<div class="body">
<p class="text">${note.text}</p>
${isOwn && html`<form method="post" action="/notes/${note.id}/delete"><button class="plain" aria-label="Delete the note “${note.text.slice(0, 40)}”">Delete</button></form>`}
</div>
</li>`
}
