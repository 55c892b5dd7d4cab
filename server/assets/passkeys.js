// Passkeys, on the pages that have a form for them. Without this file those forms stay hidden, and the pages work. It asks
// nobody but our own origin: for a challenge. What an authenticator answers is sent as a form like any other.

/** A challenge is renewed so long before it is over: whoever touches the sensor in that moment is still in time. */
const RENEW_BEFORE_MS = 60_000
/** A page that nobody touches is left alone after some hours of renewals, until somebody does. */
const RENEWALS_MAX = 60
/** After a failure; about as long as an outage page waits. Twice as long after each further one, up to the second. */
const AGAIN_MS = 5_000
const AGAIN_MOST_MS = 300_000
/** A server that hangs is away. */
const ASK_MS = 10_000
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0))
const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '')

const isAble = isSecureContext && 'PublicKeyCredential' in window
for (const element of document.querySelectorAll('[data-unable]')) element.hidden = isAble
for (const element of document.querySelectorAll('[data-able]')) element.hidden = !isAble
/** One ceremony at a time, in the whole page: browsers refuse a second one. */
let underWay
// First: it waits for nothing, and nothing of ours may keep it.
forgetUnknown()
for (const form of document.querySelectorAll('form[data-passkey]')) if (isAble) offer(form)

async function offer(form) {
  form.hidden = false
  const isConditional = 'conditional' in form.dataset && (await canWait())
  const state = {
    asked: undefined,
    renewAt: 0,
    failures: 0,
    renewals: 0,
    isStopped: false,
    isAsking: false,
    isWanted: false,
    timer: undefined,
    isConditional,
  }
  form.querySelector('[data-start]').addEventListener('click', () => start(form, state))
  // Enter in the field of the name.
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    start(form, state)
  })
  // A page that was asleep, or that nobody touched for hours, may hold one that is over.
  const renewIfDue = () => {
    state.renewals = 0
    if (document.visibilityState === 'visible' && Date.now() >= state.renewAt) renew(form, state)
  }
  for (const touch of ['visibilitychange', 'pointerdown', 'keydown']) document.addEventListener(touch, renewIfDue)
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return
    // It comes back from the browser's memory as it was left: with a ceremony that has long ended.
    underWay?.abort.abort()
    underWay = undefined
    state.isStopped = false
    renew(form, state)
  })
  // Before anybody clicks: Safari lets a click begin a ceremony only when nothing is waited for in between.
  await renew(form, state)
}

async function canWait() {
  try {
    return (await PublicKeyCredential.isConditionalMediationAvailable?.()) === true
  } catch {
    return false
  }
}

/** Fetches a challenge, and puts a new wait for autofill in the place of the one that waits for the old. */
async function renew(form, state) {
  clearTimeout(state.timer)
  if (state.isStopped) return
  // Of several reasons to renew at the same moment one does.
  if (state.isAsking) return
  state.isAsking = true
  const sentAt = Date.now()
  const answer = await ask(form)
  state.isAsking = false
  if (answer.asked) {
    state.asked = answer.asked
    state.failures = 0
    state.renewals += 1
    const leftMs = state.asked.goodUntil - sentAt
    state.renewAt = sentAt + Math.max(AGAIN_MS, leftMs - RENEW_BEFORE_MS)
  } else {
    // Refused: nobody is signed in any more, or not lately enough. Asking again would be refused for ever.
    state.isStopped = answer.isRefused
    const waitMs = Math.min(AGAIN_MOST_MS, AGAIN_MS * 2 ** state.failures)
    state.failures += 1
    // Spread, so that a thousand waiting pages do not come back in the same instant.
    state.renewAt = Date.now() + Math.max(answer.afterMs, waitMs * (0.7 + Math.random() * 0.3))
  }
  form.dataset.ready = isGood(state.asked) ? 'yes' : ''
  schedule(form, state)
  const { isWanted } = state
  state.isWanted = false
  if (isWanted) start(form, state)
  else if (answer.asked && state.isConditional && !underWay?.isClicked) wait(form, state)
}

function schedule(form, state) {
  if (state.isStopped || state.renewals >= RENEWALS_MAX) return
  const leftMs = Math.max(0, state.renewAt - Date.now())
  state.timer = setTimeout(() => document.visibilityState === 'visible' && renew(form, state), leftMs)
}

async function ask(form) {
  const { begin, asked, audience } = form.dataset
  const sentAt = Date.now()
  try {
    const answer = await fetch(begin, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(audience && { 'holdfast-audience': audience }),
      },
      body: asked,
      signal: AbortSignal.timeout?.(ASK_MS),
    })
    if (answer.ok) return { asked: readAsked(await answer.json(), answer, sentAt) }
    const isLimited = answer.status === 429
    const afterMs = (Number(answer.headers.get('retry-after')) || 0) * 1000
    return { isRefused: !isLimited && answer.status >= 400 && answer.status < 500, afterMs }
  } catch {
    return { isRefused: false, afterMs: 0 }
  }
}

/** By the server's clock, and counted from before it was asked: ours may be off by hours. */
function readAsked({ options, expires_at: expiresAt }, answer, sentAt) {
  const servedAt = Date.parse(answer.headers.get('date') ?? '') || sentAt
  const lifeMs = Math.min(options.timeout, Date.parse(expiresAt) - servedAt)
  return { options, goodUntil: sentAt + lifeMs }
}

const isGood = (asked) => asked !== undefined && Date.now() < asked.goodUntil

/** In the list that the browser shows below the field of the address. */
async function wait(form, state) {
  underWay?.abort.abort()
  if (!isGood(state.asked)) return
  const abort = new AbortController()
  underWay = { abort, isClicked: false }
  const { asked } = state
  try {
    const credential = await navigator.credentials.get({
      publicKey: parsed('get', asked.options),
      mediation: 'conditional',
      signal: abort.signal,
    })
    if (credential) handIn(form, state, { asked, credential })
  } catch {
    // Ended by a click, by a newer challenge, or by the person: nothing to say, the page has other ways.
  }
}

/** By the button: whatever waits is ended first. */
async function start(form, state) {
  underWay?.abort.abort()
  const { asked } = state
  if (!isGood(asked)) {
    // Refused: the page itself knows what has to come first.
    if (state.isStopped) location.reload()
    // Pressed while it is on its way: not lost.
    else if (state.isAsking) state.isWanted = true
    else say(form, asked ? form.dataset.over : form.dataset.away)
    if (!state.isAsking && !state.isStopped && Date.now() >= state.renewAt) renew(form, state)
    return
  }
  const abort = new AbortController()
  underWay = { abort, isClicked: true }
  say(form, '')
  try {
    const kind = form.dataset.passkey
    const publicKey = parsed(kind, asked.options)
    handIn(form, state, { asked, credential: await navigator.credentials[kind]({ publicKey, signal: abort.signal }) })
  } catch (error) {
    const { name } = error
    if (name === 'AbortError') return
    underWay = undefined
    say(
      form,
      name === 'NotAllowedError'
        ? form.dataset.cancelled
        : name === 'InvalidStateError'
          ? form.dataset.exists
          : form.dataset.failed,
    )
    if (state.isConditional) wait(form, state)
  }
}

function say(form, text) {
  const said = form.querySelector('[data-said]')
  said.textContent = text
  said.hidden = text === ''
  // Whoever was asked for a passkey and cannot give one may go on without.
  if (text !== '') for (const element of document.querySelectorAll('[data-failed-once]')) element.hidden = false
}

function handIn(form, state, { asked, credential }) {
  if (!isGood(asked)) {
    // Somebody took their time, and the server would refuse it.
    underWay = undefined
    say(form, form.dataset.over)
    renew(form, state)
    return
  }
  form.elements.response.value = JSON.stringify(written(credential))
  form.submit()
}

/** Browsers before 2025 have no parser of their own. */
function parsed(kind, options) {
  const name = kind === 'create' ? 'parseCreationOptionsFromJSON' : 'parseRequestOptionsFromJSON'
  if (PublicKeyCredential[name]) return PublicKeyCredential[name](options)
  const credential = (each) => ({ ...each, id: bytesOf(each.id) })
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytesOf(options.user.id) } }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(credential) }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(credential) }),
  }
}

function written(credential) {
  try {
    return credential.toJSON()
  } catch {
    // Some password managers put an object of their own in its place.
    const { id, rawId, type, response } = credential
    const known = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']
    const bytes = known.filter((name) => response[name]).map((name) => [name, textOf(response[name])])
    return {
      id,
      rawId: textOf(rawId),
      type,
      response: {
        ...Object.fromEntries(bytes),
        ...(response.getTransports && { transports: response.getTransports() }),
      },
      clientExtensionResults: credential.getClientExtensionResults?.() ?? {},
    }
  }
}

/** A passkey that is known nowhere here: its keeper may take it off the list. */
function forgetUnknown() {
  const { unknown } = document.querySelector('[data-unknown]')?.dataset ?? {}
  if (isAble && unknown) PublicKeyCredential.signalUnknownCredential?.(JSON.parse(unknown)).catch(() => undefined)
}
