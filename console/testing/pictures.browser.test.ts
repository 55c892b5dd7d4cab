/** Every page in every state that matters, as pictures for a person, and held against axe on the way. */
import { suite } from 'node:test'
import type { Condition } from './double.ts'
import { assertAccessible, browserTest, type Reader, takePicture } from './browser.ts'

interface Picture {
  name: string
  path: string
  /** What is awaited before the picture is taken. */
  heading: string | RegExp
  begins?: Condition
  /** What happens after the page has been read. */
  becomes?: Condition
  reader?: Reader
  /** Text that shows that `becomes` has reached the page. */
  awaits?: RegExp
}

const user = '/users/usr_01kaj00000017hn9zvq4m8t2xk'
const away = /has not answered since|Not known since/

const pictures: readonly Picture[] = [
  { name: 'home', path: '/', heading: 'All is well' },
  { name: 'home-dark', path: '/', heading: 'All is well', reader: { colorScheme: 'dark' } },
  { name: 'home-390', path: '/', heading: 'All is well', reader: { width: 390, height: 844 } },
  { name: 'home-1600', path: '/', heading: 'All is well', reader: { width: 1600, height: 1000 } },
  { name: 'home-failing', path: '/', heading: 'Mail A is failing', begins: 'mail-failing' },
  { name: 'home-unknown', path: '/', heading: 'Database cannot be seen', becomes: 'database-away', awaits: away },
  {
    name: 'home-unknown-dark',
    path: '/',
    heading: 'Database cannot be seen',
    becomes: 'database-away',
    awaits: away,
    reader: { colorScheme: 'dark' },
  },
  { name: 'home-access-away', path: '/', heading: /Access has not answered/, becomes: 'access-away', awaits: away },
  { name: 'users', path: '/users', heading: 'Users' },
  { name: 'users-dark', path: '/users', heading: 'Users', reader: { colorScheme: 'dark' } },
  { name: 'users-390', path: '/users', heading: 'Users', reader: { width: 390, height: 844 } },
  { name: 'users-empty', path: '/users', heading: 'Users', begins: 'empty' },
  { name: 'users-error', path: '/users', heading: 'Users', begins: 'broken' },
  { name: 'users-unknown', path: '/users', heading: 'Users', becomes: 'database-away', awaits: away },
  { name: 'users-unknown-cold', path: '/users', heading: 'Users', begins: 'database-away-cold' },
  { name: 'user', path: user, heading: 'Ana Duarte' },
  { name: 'user-dark', path: user, heading: 'Ana Duarte', reader: { colorScheme: 'dark', width: 1600, height: 1000 } },
  { name: 'user-390', path: user, heading: 'Ana Duarte', reader: { width: 390, height: 844 } },
  { name: 'sessions', path: '/sessions?state=all', heading: 'Sessions' },
  { name: 'sessions-dark', path: '/sessions?state=all', heading: 'Sessions', reader: { colorScheme: 'dark' } },
  { name: 'sessions-390', path: '/sessions?state=all', heading: 'Sessions', reader: { width: 390, height: 844 } },
  { name: 'sessions-1600', path: '/sessions?state=all', heading: 'Sessions', reader: { width: 1600, height: 1000 } },
  { name: 'sessions-empty', path: '/sessions', heading: 'Sessions', begins: 'empty' },
  { name: 'sessions-unknown', path: '/sessions', heading: 'Sessions', becomes: 'database-away', awaits: away },
  { name: 'signing-keys', path: '/signing-keys', heading: 'Signing keys' },
  { name: 'signing-keys-dark', path: '/signing-keys', heading: 'Signing keys', reader: { colorScheme: 'dark' } },
  { name: 'signing-keys-390', path: '/signing-keys', heading: 'Signing keys', reader: { width: 390, height: 844 } },
  { name: 'not-administrator', path: '/', heading: 'The console is for administrators', begins: 'forbidden' },
  { name: 'nowhere', path: '/no-such-page', heading: 'No such page' },
]

/** Most of a picture is waiting for the page; more at a time than this only makes all of them slower. */
const AT_A_TIME = 2

suite('pictures', { concurrency: AT_A_TIME }, () => {
  for (const { name, path, heading, begins = 'fine', becomes, reader, awaits } of pictures) {
    browserTest(
      `the page in the picture ${name} has no serious accessibility violation`,
      async ({ page, double, open }) => {
        double.become(begins)
        await open(path)
        if (becomes) {
          await page
            .getByText(/^(Read|Looked at)/)
            .first()
            .waitFor()
          double.become(becomes)
        }
        await page.getByRole('heading', { name: heading }).waitFor()
        if (awaits) await page.getByText(awaits).first().waitFor()
        await page.getByText('Reading', { exact: true }).waitFor({ state: 'detached' })
        await takePicture(page, name)
        await assertAccessible(page)
      },
      reader,
    )
  }
})
