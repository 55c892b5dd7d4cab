// The hosted pages work without this file. It saves a press, a wait and a look at another clock; it asks nobody.

for (const element of document.querySelectorAll('[data-scripted]')) element.hidden = false
for (const element of document.querySelectorAll('[data-unscripted]')) element.hidden = true

/** A second press must not send a second mail, nor use up a second attempt. */
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault()
    form.dataset.sent = 'yes'
  })
}
// A page that comes back from the browser's memory may be sent again.
addEventListener('pageshow', (event) => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent
})

/** Whether the offer of a passkey makes sense after this form: only where this device can keep one. */
for (const field of document.querySelectorAll('[data-passkeys]')) {
  globalThis.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.().then(
    (isAble) => (field.value = isAble ? 'yes' : ''),
    () => undefined,
  )
}

/** Sends the code as soon as it is whole, typed, pasted or filled in. */
for (const input of document.querySelectorAll('[data-digits]')) {
  input.addEventListener('input', () => {
    const digits = input.value.replace(/\D/g, '')
    const isOnlyCode = /^[\d\s-]*$/.test(input.value)
    if (isOnlyCode && digits.length === Number(input.dataset.digits)) input.form.requestSubmit()
  })
}

/** "Send a new code (in 24 s)". */
for (const button of document.querySelectorAll('[data-wait]')) {
  const label = button.textContent
  const readyAt = performance.now() + Number(button.dataset.wait) * 1000
  const show = () => {
    const seconds = Math.ceil((readyAt - performance.now()) / 1000)
    button.disabled = seconds > 0
    button.textContent = seconds > 0 ? button.dataset.countdown.replace('{seconds}', seconds) : label
    if (seconds <= 0) clearInterval(timer)
  }
  const timer = setInterval(show, 500)
  show()
}

/** The page of an outage tries again by itself, with what was typed; only while somebody can see it. */
for (const form of document.querySelectorAll('[data-retry]')) {
  const retryMs = Number(form.dataset.retry) * 1000
  const again = () => {
    // Another button was pressed, and its answer is on the way.
    if ([...document.forms].some((other) => other.dataset.sent)) return
    if (document.visibilityState === 'visible') form.requestSubmit()
    else document.addEventListener('visibilitychange', again, { once: true })
  }
  // Spread, so that a thousand waiting pages do not come back in the same instant.
  setTimeout(again, retryMs * (0.7 + Math.random() * 0.3))
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.textContent
  button.hidden = !navigator.clipboard
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy)
    try {
      await navigator.clipboard.writeText(source.textContent)
      button.textContent = button.dataset.copied
      setTimeout(() => (button.textContent = label), 2000)
    } catch {
      // The browser said no: select the text, so that a key press copies it.
      getSelection().selectAllChildren(source)
    }
  })
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => print())
}

/** Saves what is on the page as a file; nothing is asked for it. */
for (const button of document.querySelectorAll('[data-download]')) {
  button.hidden = false
  button.addEventListener('click', () => {
    const { download, filename, heading } = button.dataset
    const text = `${heading}\n\n${document.getElementById(download).textContent}\n`
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
    link.download = filename
    link.click()
    URL.revokeObjectURL(link.href)
  })
}

/** Times whose reader's zone the server did not know. UTC stays on hover. */
for (const time of document.querySelectorAll('time[data-local="utc"]')) {
  const at = new Date(time.dateTime)
  const isToday = at.toDateString() === new Date().toDateString()
  const day = isToday ? {} : { day: 'numeric', month: 'short', year: 'numeric' }
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
  time.textContent = at.toLocaleString(
    document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang,
    { ...day, ...clock },
  )
}
