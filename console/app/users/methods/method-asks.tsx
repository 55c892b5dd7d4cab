import { useQuery } from '@tanstack/react-query'
import type { User } from '../../api/wire.ts'
import type { UserSearch } from '../../paths.ts'
import { CloseIdentity, ReopenIdentity } from './close-identity.tsx'
import { methodsQuery } from './read-methods.ts'
import { RemoveIdentity, RemovePasskey } from './remove-method.tsx'

interface MethodAsksProps {
  user: User
  about: Pick<UserSearch, 'ask' | 'which'>
  onClose: () => void
}

/** The question about one way in that the address opens. One about a way that is gone by now opens nothing. */
export function MethodAsks({ user, about: { ask, which }, onClose }: MethodAsksProps) {
  const methods = useQuery(methodsQuery(user.id)).data
  const passkey = methods?.passkeys.find(({ id }) => id === which)
  const identity = methods?.linked_identities.find(({ id }) => id === which)
  if (ask === 'remove-passkey' && methods && passkey) return <RemovePasskey {...{ user, methods, passkey, onClose }} />
  if (!methods || !identity) return null
  if (ask === 'remove-identity') return <RemoveIdentity {...{ user, methods, identity, onClose }} />
  if (ask === 'close-identity' && !identity.closed_at) return <CloseIdentity {...{ user, identity, onClose }} />
  if (ask === 'reopen-identity' && identity.closed_at) return <ReopenIdentity {...{ user, identity, onClose }} />
  return null
}
