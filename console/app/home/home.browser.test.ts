import assert from 'node:assert/strict'
import { assertAccessible, browserTest, takePicture } from '../../testing/browser.ts'

browserTest(
  'home tells what is wrong, what cannot be seen, what changed and then figures, in this order',
  async (visit) => {
    const { page, double, open } = visit
    double.world.dependencies[3]!.state = 'unknown'
    double.world.dependencies[3]!.detail = 'No verifier has reported for a minute.'
    double.become('mail-failing')
    await open('/')
    await page.getByRole('heading', { level: 1, name: 'Mail A is failing' }).waitFor()
    await page.getByRole('heading', { name: 'Sign-in through providers' }).waitFor()
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents()
    assert.deepEqual(headings, [
      'Now',
      'Changed',
      'Sign-ins, last hour',
      'Figures',
      'Sign-in through providers',
      'Dependencies',
    ])

    const now = await page.getByRole('region', { name: 'Now' }).getByRole('listitem').allTextContents()
    assert.match(now[0] ?? '', /^Mail A failing.*smtp\.acme\.test refuses mail/)
    assert.match(now[1] ?? '', /^Feed unknown.*No verifier has reported/)
    await takePicture(page, 'home-failing-and-unknown')
    await assertAccessible(page)
  },
)

browserTest(
  'each dependency is shown with its state, since when, how fresh and in a sentence',
  async ({ page, open }) => {
    await open('/')
    const row = page.getByRole('table', { name: 'Dependencies' }).getByRole('row', { name: /Database/ })
    await row.waitFor()
    const cells = (await row.getByRole('cell').allTextContents()).join(' | ')
    assert.match(cells, /^OK \| .*\d+ days \| PostgreSQL 18\.4 commits .* \| .*(ago|just now)$/)
  },
)

browserTest(
  'with the database away, home keeps the last figures and says since when they are not known',
  async (visit) => {
    const { page, double, open } = visit
    await open('/')
    const figures = page.getByRole('region', { name: 'Figures' })
    await figures.getByText('1\u202f313').waitFor()
    double.become('database-away')
    await figures
      .getByText(/Not known since \d\d:\d\d \(database not answering\)/)
      .first()
      .waitFor()
    await figures.getByText('1\u202f313').waitFor()
    await figures
      .getByText(/Last known value, /)
      .first()
      .waitFor()

    double.become('fine')
    await figures
      .getByText(/Not known/)
      .first()
      .waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'All is well' }).waitFor()
  },
)

browserTest('while access itself is away nothing is drawn as ok, and all is back without a reload', async (visit) => {
  const { page, double, open } = visit
  await open('/')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
  for (const condition of ['access-away', 'gateway'] as const) {
    double.become(condition)
    await page.getByRole('heading', { name: /Access has not answered since \d\d:\d\d; retrying/ }).waitFor()
    const dependencies = page.getByRole('table', { name: 'Dependencies' })
    assert.equal(await dependencies.getByText('OK', { exact: true }).count(), 0)
    await dependencies.getByRole('cell', { name: 'Was ok when access last answered.' }).first().waitFor()
    double.become('fine')
    await page.getByRole('heading', { name: 'All is well' }).waitFor()
  }
})

browserTest('a home opened in the middle of an outage says that it cannot know, and fills by itself', async (visit) => {
  const { page, double, open } = visit
  double.become('database-away-cold')
  await open('/')
  await page.getByText('The state of this installation cannot be known for now').waitFor()
  assert.equal(await page.getByRole('region', { name: 'Figures' }).count(), 0)
  double.become('fine')
  await page.getByRole('heading', { name: 'All is well' }).waitFor()
})

browserTest(
  'home says first that a provider is down, what people do meanwhile, and who could go on',
  async ({ page, double, open }) => {
    double.become('provider-down')
    await open('/')
    await page.getByRole('heading', { name: 'An identity provider is down' }).waitFor()
    const now = page.getByRole('region', { name: 'Now' })
    await now
      .getByText(/People are sent another way than Auth0/)
      .first()
      .waitFor()
    const providers = page.getByRole('region', { name: 'Sign-in through providers' })
    await providers.getByText('83 % could go on without it').waitFor()
    await providers.getByRole('link', { name: 'Auth0' }).click()
    await page.getByRole('heading', { name: /Down since/ }).waitFor()
  },
)

browserTest('home says that the fall-back does not work before anybody needs it', async ({ page, double, open }) => {
  for (const exercise of double.world.exercises) {
    Object.assign(exercise, { is_good: false, detail: 'The database: no connection was free within 750 ms.' })
  }
  await open('/')
  await page.getByRole('heading', { name: 'The fall-back does not work' }).waitFor()
  await page
    .getByText(/Nobody is affected before a provider goes down/)
    .first()
    .waitFor()
})
