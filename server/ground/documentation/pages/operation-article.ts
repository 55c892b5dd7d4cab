import { type Html, html } from '../../../platform/html/html.ts'
import { callerOf } from '../callers.ts'
import { curlOf, exampleOf } from '../examples.ts'
import { type Field, fieldOf, fieldsOf } from '../fields.ts'
import { type Answer, type Located, PROBLEM_MEDIA_TYPE, type Schema, schemaOf } from '../open-api.ts'
import { addressOf } from './address.ts'
import { fieldsTable } from './fields-table.ts'
import { prose } from './prose.ts'

/** What the page has shown so far: a large shape stands in full once, and is referred to afterwards. */
export interface Shown {
  origin: string
  shapes: Map<string, { anchor: string; label: string }>
}

/** Shapes of fewer fields are shown again: reading them is less trouble than following a link. */
const REFERRED_FROM_FIELDS = 6
/** What every problem document holds is told once, at the beginning. */
const OF_EVERY_PROBLEM = new Set(['type', 'title', 'status', 'code', 'detail'])

/** One address: who may call it, with what, what comes back, and a line to try it with. */
export function operationArticle(operation: Located, shown: Shown): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses = {} } = operation
  const body = schemaOf(requestBody?.content)
  const answers = Object.entries(responses).filter(([status]) => status !== 'default')
  return html`
<article class="operation" aria-labelledby="${operationId}">
<h3 id="${operationId}"><a href="#${operationId}">${addressOf(operation)}</a></h3>
<p class="summary">${summary}</p>
${description && html`<p class="more">${prose(description)}</p>`}
<p class="who"><strong>Who</strong> ${callerOf(operation.security).who}</p>
<div class="sides">
<div class="told">
${
  parameters.length > 0 &&
  html`<h4>Parameters</h4>${fieldsTable(parameters.map(fieldOf), { label: `Parameters of ${operationId}` })}`
}
${body && html`<h4>Body <span class="aside">JSON</span></h4>${fieldsTable(fieldsOf(body.schema), { label: `Body of ${operationId}` })}`}
<h4>Answers</h4>
${answers.map(([status, answer], index) => answerPart({ operation, status, answer, isFirst: index === 0 }, shown))}
</div>
<div class="tried">${exampleParts(operation, answers, shown.origin)}</div>
</div>
</article>`
}

interface Answered {
  operation: Located
  status: string
  answer: Answer
  isFirst: boolean
}

function answerPart({ operation, status, answer, isFirst }: Answered, shown: Shown): Html {
  const content = schemaOf(answer.content)
  const isProblem = content?.mediaType === PROBLEM_MEDIA_TYPE
  const fields = content ? fieldsOf(content.schema).filter((field) => !isProblem || !isOfEveryProblem(field)) : []
  // Of a problem without fields of its own, what happened is of more use than that it is one.
  const says = (fields.length > 0 || !isProblem) && content?.schema.description
  const head = html`<span class="status">${status}</span> ${prose(says || `${answer.description}.`)}`
  if (!content || fields.length === 0) return html`<p class="answer plain">${head}</p>`

  const label = `${operation.method} ${operation.path}, ${status}`
  const known = knownShape(content.schema, fields, { anchor: operation.operationId, label }, shown)
  if (known) return html`<p class="answer plain">${head} As in <a href="#${known.anchor}">${known.label}</a>.</p>`
  const inner = html`
${isProblem && html`<p class="aside">A problem document, and in it:</p>`}
${fieldsTable(fields, { label: `Answer ${status} of ${operation.operationId}` })}`
  return isFirst
    ? html`<details class="answer" open><summary>${head}</summary>${inner}</details>`
    : html`<details class="answer"><summary>${head}</summary>${inner}</details>`
}

const isOfEveryProblem = ({ name, depth }: Field) => depth === 0 && OF_EVERY_PROBLEM.has(name)

/** Where this very shape was shown before; nothing when this is the first time. */
function knownShape(
  schema: Schema,
  fields: readonly Field[],
  here: { anchor: string; label: string },
  { shapes }: Shown,
) {
  if (fields.length < REFERRED_FROM_FIELDS) return undefined
  const key = JSON.stringify(schema)
  const known = shapes.get(key)
  if (!known) shapes.set(key, here)
  return known
}

function exampleParts(operation: Located, answers: readonly [string, Answer][], origin: string): Html {
  const [status, answer] = answers.find(([each]) => each.startsWith('2')) ?? []
  const content = schemaOf(answer?.content)
  return html`
<pre class="example" aria-label="Example request"><code>${curlOf(operation, origin)}</code></pre>
${
  content?.mediaType === 'application/json' &&
  html`<details class="example-answer"><summary>Example of an answer <span class="status">${status}</span></summary>
<pre class="example"><code>${JSON.stringify(exampleOf(content.schema), null, 2)}</code></pre></details>`
}`
}
