/** `holdfast start` cannot go on; the message is one line that says what to do, and the exit code is 2. */
export class StartRefused extends Error {
  override name = 'StartRefused'
}
