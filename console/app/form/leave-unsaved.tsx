import { useBlocker } from '@tanstack/react-router'
import { Ask } from '../ui/ask.tsx'

/** Asks before what was changed and not saved is lost by a link, by Back, or by closing the tab. */
export function LeaveUnsaved({ isChanged, of }: { isChanged: boolean; of: string }) {
  const blocker = useBlocker({
    // Another page of the preview is another search, and the same form.
    shouldBlockFn: ({ current, next }) => isChanged && current.pathname !== next.pathname,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  return (
    <Ask
      isOpen={blocker.status === 'blocked'}
      title="Leave without saving?"
      yes="Leave"
      no="Stay here"
      isDestructive
      isRunning={false}
      onYes={() => blocker.proceed?.()}
      onClose={() => blocker.reset?.()}
    >
      <p>What you changed of {of} is not saved. Nobody has seen it but you.</p>
    </Ask>
  )
}
