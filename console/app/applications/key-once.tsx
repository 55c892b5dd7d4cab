import type { ApplicationWithKey } from '../api/wire/applications.ts'
import { CodeToCopy } from '../ui/code-to-copy.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'
import { sdkLines } from './sdk-lines.ts'

interface KeyOnceProps {
  made: ApplicationWithKey
  onStored: () => void
}

/** The key of an application, and the lines that use it. The key itself stands in none of them. */
export function KeyOnce({ made: { application, key }, onStored }: KeyOnceProps) {
  return (
    <SecretOnce
      isOpen
      title={`The key of ${application.name}`}
      label="Application key"
      secrets={[key]}
      onStored={onStored}
    >
      <p>
        It is shown this once. It is a secret of the application’s server: put it where that keeps its secrets, as{' '}
        <code>HOLDFAST_KEY</code>. Whoever loses it rotates it here.
      </p>
      <CodeToCopy label="How the server uses it" text={sdkLines(location.origin, application)} />
    </SecretOnce>
  )
}
