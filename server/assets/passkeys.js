// Passkeys, on the pages that have a form for them. Without this file those forms stay hidden, and the pages work. It asks
// nobody but our own origin: for a challenge. What an authenticator answers is sent as a form like any other.

/** A challenge is renewed so long before it is over: whoever touches the sensor in that moment is still in time. */
const RENEW_BEFORE_MS = 60_000
/** After a failure; about as long as an outage page waits. */
const AGAIN_MS = 5_000
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
for (const form of document.querySelectorAll('form[data-passkey]')) if (isAble) await offer(form)
forgetUnknown()

async function offer(form) {
  form.hidden = false
  const isConditional = 'conditional' in form.dataset && (await canWait())
  const state = { options: undefined, renewAt: 0, timer: undefined, isConditional }
  form.querySelector('[data-start]').addEventListener('click', () => start(form, state))
  // Enter in the field of the name.
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    start(form, state)
  })
  // A page that was asleep, or comes back from the browser's memory, may hold one that is over.
  const renewIfOver = () => document.visibilityState === 'visible' && Date.now() >= state.renewAt && renew(form, state)
  document.addEventListener('visibilitychange', renewIfOver)
  addEventListener('pageshow', (event) => event.persisted && renew(form, state))
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
  try {
    const { begin, asked, audience } = form.dataset
    const answer = await fetch(begin, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(audience && { 'holdfast-audience': audience }),
      },
      body: asked,
    })
    if (!answer.ok) throw new Error(`answered ${answer.status}`)
    const { options } = await answer.json()
    state.options = options
    state.renewAt = Date.now() + Math.max(AGAIN_MS, options.timeout - RENEW_BEFORE_MS)
  } catch {
    // An outage, or too many: what is there may still be good; asked again while somebody looks.
    state.renewAt = Date.now() + AGAIN_MS
  }
  state.timer = setTimeout(
    () => document.visibilityState === 'visible' && renew(form, state),
    state.renewAt - Date.now(),
  )
  form.dataset.ready = state.options ? 'yes' : ''
  if (state.isConditional && state.options && !underWay?.isClicked) wait(form, state)
}

/** In the list that the browser shows below the field of the address. */
async function wait(form, state) {
  underWay?.abort.abort()
  const abort = new AbortController()
  underWay = { abort, isClicked: false }
  try {
    const credential = await navigator.credentials.get({
      publicKey: parsed('get', state.options),
      mediation: 'conditional',
      signal: abort.signal,
    })
    if (credential) handIn(form, credential)
  } catch {
    // Ended by a click, by a newer challenge, or by the person: nothing to say, the page has other ways.
  }
}

/** By the button: whatever waits is ended first. */
async function start(form, state) {
  underWay?.abort.abort()
  if (!state.options) {
    say(form, form.dataset.away)
    return
  }
  const abort = new AbortController()
  underWay = { abort, isClicked: true }
  say(form, '')
  try {
    const kind = form.dataset.passkey
    const publicKey = parsed(kind, state.options)
    handIn(form, await navigator.credentials[kind]({ publicKey, signal: abort.signal }))
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
}

function handIn(form, credential) {
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
