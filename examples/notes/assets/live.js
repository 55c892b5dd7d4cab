// Keeps "who am I, and how do you know?" true, and puts times into the reader's own zone. Without it, all stands as it
// was when the page was made, and says so.
const ASK_EVERY_MS = 1000
const ASK_PATIENCE_MS = 5000

for (const time of document.querySelectorAll('time')) {
  const at = new Date(time.dateTime)
  time.textContent = at.toLocaleString([], { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  time.title = at.toISOString()
}

const panel = document.querySelector('[data-live]')
if (panel) keepTrue(panel)

function keepTrue(panel) {
  const ages = document.querySelectorAll('[data-age]')
  const freshness = panel.querySelector('[data-freshness]')
  /** The last age that was told, and when. */
  let told = { ageMs: ages[0].dataset.age === '' ? null : Number(ages[0].dataset.age), at: performance.now() }
  let silentSince
  say('Kept up to date while you look.')

  function show(who) {
    if (who.leave) {
      location.assign(who.leave)
      return
    }
    for (const mark of document.querySelectorAll('[data-mark]')) mark.dataset.mark = who.mark
    for (const fact of document.querySelectorAll('[data-fact]')) {
      const text = who[fact.dataset.fact]
      // Who somebody was before an outage is still shown in it: only what is said of now has changed.
      if (text !== null && fact.textContent !== text) fact.textContent = text
    }
    for (const desk of document.querySelectorAll('[data-view]')) desk.dataset.view = who.view
    told = { ageMs: who.age_ms, at: performance.now() }
    silentSince = undefined
    say('Kept up to date while you look.')
  }

  function say(sentence) {
    if (freshness.textContent !== sentence) freshness.textContent = sentence
  }

  function tick() {
    const text = told.ageMs === null ? 'not known' : inWords(told.ageMs + performance.now() - told.at)
    for (const age of ages) if (age.textContent !== text) age.textContent = text
  }

  async function ask() {
    try {
      const response = await fetch('/whoami.json', { signal: AbortSignal.timeout(ASK_PATIENCE_MS), cache: 'no-store' })
      if (!response.ok) throw new Error(`HTTP ${response.status}`)
      show(await response.json())
    } catch {
      silentSince ??= new Date()
      say(`Fieldnotes itself has not answered since ${silentSince.toLocaleTimeString()}. What you see is from before.`)
    }
  }

  async function goOn() {
    if (!document.hidden) await ask()
    setTimeout(goOn, ASK_EVERY_MS)
  }

  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) ask()
  })
  setInterval(tick, 250)
  setTimeout(goOn, ASK_EVERY_MS)
}

/** As the server writes it: age-in-words.ts. */
function inWords(ms) {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 1) return 'just now'
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
