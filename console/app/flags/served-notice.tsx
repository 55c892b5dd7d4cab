import { Notice } from '../ui/notice.tsx'

/** The database is away and nothing older was read: what access serves is shown, which is what everybody gets. */
export function ServedNotice({ number }: { number: string | null }) {
  return (
    <Notice state="unknown" role="status" title={`As access serves it${number ? `, number ${number}` : ''}`}>
      <p>
        Applications get exactly this. Names, tags, archived flags and who changed what are not known until the database
        answers, and nothing can be changed.
      </p>
    </Notice>
  )
}
