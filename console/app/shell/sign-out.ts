import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { call } from '../api/call.ts'
import { isFailure } from '../api/failure.ts'
import { api, hosted } from '../paths.ts'

/** Ends the session of this console, and ends at sign-in. */
export function useSignOut() {
  return useMutation({
    mutationFn: () => call({ path: api.session(), method: 'DELETE' }),
    onSuccess: () => location.assign(hosted.signIn('/console/')),
    onError: (error) => {
      if (isFailure(error, 'signed-out')) return
      notifications.show({
        title: 'It is not known whether you are signed out',
        message: `${error.message} Try again in a moment.`,
        color: 'failing',
      })
    },
  })
}
