import { Code } from '@mantine/core'
import { CallFailure } from '../api/failure.ts'
import { CopyForSupport, Notice } from '../ui/notice.tsx'
import classes from './failed.module.css'

/** A problem in words, its code, and everything that support needs to find it again. */
export function Failed({ failure, actions }: { failure: Error; actions?: React.ReactNode }) {
  const { title, sentence, code } = wordsFor(failure)
  return (
    <Notice
      state="failing"
      role="alert"
      title={title}
      actions={
        <>
          {actions}
          <CopyForSupport text={reportOf(failure)} />
        </>
      }
    >
      <p>{sentence}</p>
      <p className={classes.code}>
        Code <Code>{code}</Code>
      </p>
    </Notice>
  )
}

function wordsFor(failure: Error) {
  if (!(failure instanceof CallFailure)) {
    return {
      title: 'The console has a fault',
      sentence: 'This is our mistake. Reload the page to go on; nothing you did is lost.',
      code: 'console.fault',
    }
  }
  const title = failure.problem?.title && failure.problem.title !== failure.message ? failure.problem.title : null
  return { title: title ?? 'This did not work', sentence: failure.message, code: failure.code }
}

/** Plain lines. No cookie and no body is in it: only what the reader already sees, and where and when. */
export function reportOf(failure: Error): string {
  const lines: (readonly [string, unknown])[] = [
    ['problem', failure.message],
    ['page', location.pathname],
  ]
  if (failure instanceof CallFailure) {
    lines.push(['code', failure.code], ['status', failure.status ?? 'no answer'])
    lines.push(['call', failure.call], ['at', failure.at.toISOString()])
    if (failure.problem?.incident) lines.push(['incident', failure.problem.incident])
  } else {
    lines.push(['stack', failure.stack])
  }
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n')
}
