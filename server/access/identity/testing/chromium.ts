import { access } from 'node:fs/promises'
import { type Browser, chromium, type Page } from 'playwright-core'

const CHROMIUM = process.env.HOLDFAST_TEST_CHROMIUM ?? '/usr/bin/chromium'
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const isThere = await access(CHROMIUM).then(
  () => true,
  () => false,
)

/** For `test`: without a browser these are left out, but in CI they fail. */
export const skip = !isThere && !process.env.CI && `install Chromium at ${CHROMIUM} to run the browser tests`
/** Generous: two cores, with others at work on them. */
export const DEADLINE_MS = 60_000

export const openChromium = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...more] })

/**
 * Gives the device of a page a sensor, and a place that keeps passkeys; `isSynced`: a password manager. What it gives says whether
 * somebody touches the sensor whenever they are asked to, which at first somebody does.
 */
export async function plugAuthenticator(
  page: Page,
  { isSynced }: { isSynced: boolean },
): Promise<(isTouching: boolean) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: isSynced,
      defaultBackupState: isSynced,
    },
  })
  return async (enabled) =>
    void (await session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled }))
}

/** By the button of the account page, at the origin of the page's context. */
export async function signOut(page: Page): Promise<void> {
  await page.goto('/account')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor()
}
