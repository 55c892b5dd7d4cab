import type { Application } from '../api/wire/applications.ts'

/** What stands in the application's server, ready to be copied. The key comes from its environment, never from the code. */
export function sdkLines(url: string, { origins }: Pick<Application, 'origins'>): string {
  const [origin = 'https://app.acme.example'] = origins
  return `import { createHandler, Holdfast } from '@holdfast/sdk'

const holdfast = new Holdfast({
  url: '${url}',
  key: process.env.HOLDFAST_KEY,
  dataDir: './holdfast',
  origin: '${origin}',
})
export const auth = createHandler(holdfast)`
}
