import { join } from 'node:path'
import { supervise } from '../supervise.ts'

/** `holdfast start` as it is, but for what access and the demo do: here they only serve, or misbehave as they are told. */
const child = join(import.meta.dirname, 'fixture-child.ts')
process.exit(
  await supervise({
    withDemo: process.argv.includes('--demo'),
    withWatch: process.argv.includes('--watch'),
    programs: { access: [child, 'access'], demo: [child, 'demo'] },
  }),
)
