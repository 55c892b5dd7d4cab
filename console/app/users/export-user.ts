import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { callForFile } from '../api/call.ts'
import type { User } from '../api/wire.ts'
import { api } from '../paths.ts'
import { saveFile } from '../ui/save-file.ts'
import { sayUser } from './say-user.ts'

/** Years of history are put together on the way. */
const DEADLINE_MS = 60_000

/**
 * Everything that is held about somebody, as a file. It is fetched and not linked to: a link cannot say that it is the
 * console who asks.
 */
export function useExport(user: User) {
  return useMutation({
    mutationFn: (format: 'json' | 'html') =>
      callForFile({
        path: api.userExport(user.id, format === 'html' ? 'html' : undefined),
        deadlineMs: DEADLINE_MS,
      }),
    onSuccess: (content, format) => {
      saveFile(`${user.id}.${format}`, format === 'html' ? 'text/html' : 'application/json', content)
      notifications.show({
        title: `Everything about ${sayUser(user)} is in the file`,
        message: 'That it was exported stands in the audit.',
      })
    },
    onError: (error) => notifications.show({ title: 'Nothing was exported', message: error.message, color: 'failing' }),
  })
}
