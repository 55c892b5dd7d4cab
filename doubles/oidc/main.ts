/**
 * The provider in a process of its own. Settings come as one JSON document on stdin, with the secret of the control channel in it:
 * an argument would be seen by everybody on the machine. One line on stdout says where everything is.
 */
import { json } from 'node:stream/consumers'
import { openControl } from './control.ts'
import type { ProviderSettings } from './settings.ts'
import { startOidcProvider } from './start-provider.ts'

const { controlSecret, ...settings } = (await json(process.stdin)) as ProviderSettings & { controlSecret: string }
const provider = await startOidcProvider(settings)
const control = await openControl(provider, controlSecret)
process.stdout.write(`${JSON.stringify({ issuer: provider.issuer, port: provider.port, control: control.url })}\n`)

const stop = () => process.exit(0)
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
// Who started us with a channel is gone when the channel is.
process.once('disconnect', stop)
