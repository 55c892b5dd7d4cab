import assert from 'node:assert/strict'
import type { Locator, Page } from 'playwright-core'

/** A page of the console has fewer places to stop at than this; more is a trap. */
const STOPS_MAX = 160

type Role = Parameters<Page['getByRole']>[0]

/** Somebody with a keyboard and nothing else: no click, no fill, no address typed by the test. */
export interface Hands {
  /** Presses Tab until this has the focus. */
  to(role: Role, name: string | RegExp): Promise<void>
  press(...keys: string[]): Promise<void>
  type(text: string): Promise<void>
  /** Opens the palette, types, and takes what it offers first under this name. */
  find(words: string, option: string | RegExp): Promise<void>
}

export function handsOn(page: Page): Hands {
  const hands: Hands = {
    async to(role, name) {
      const wanted = page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name })
      await wanted.first().waitFor()
      for (let stop = 0; stop < STOPS_MAX; stop++) {
        if (await hasFocus(wanted)) return
        await page.keyboard.press('Tab')
      }
      assert.fail(`the keyboard does not reach ${role} ${name}`)
    },
    async press(...keys) {
      for (const key of keys) await page.keyboard.press(key)
    },
    type: (text) => page.keyboard.type(text),
    async find(words, option) {
      await page.keyboard.press('Control+k')
      const field = page.getByRole('textbox', { name: 'Search everything' })
      await field.and(page.locator(':focus')).waitFor()
      await page.keyboard.type(words)
      const offered = page.getByRole('dialog').getByRole('button', { name: option }).first()
      await offered.waitFor()
      // Down until it is the chosen one: what is found may come before or after pages and actions.
      for (let stop = 0; stop < STOPS_MAX; stop++) {
        if ((await offered.getAttribute('data-selected')) === 'true') break
        await page.keyboard.press('ArrowDown')
      }
      await page.keyboard.press('Enter')
      await field.waitFor({ state: 'hidden' })
    },
  }
  return hands
}

export async function hasFocus(wanted: Locator): Promise<boolean> {
  for (const one of await wanted.all()) {
    if (await one.evaluate((element) => element.matches(':focus'))) return true
  }
  return false
}
