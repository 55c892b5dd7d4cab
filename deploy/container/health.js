// Whether access lives, for a container's health check. Plain JavaScript and no import: there is nothing here to break.
const port = process.env.HOLDFAST_ACCESS_PORT || '4000'
const DEADLINE_MS = 2000

try {
  const response = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(DEADLINE_MS) })
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  process.stderr.write(`access does not answer on port ${port}: ${error.message}\n`)
  process.exitCode = 1
}
