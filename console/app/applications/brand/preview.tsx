import { Select } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { isOutage } from '../../api/failure.ts'
import type { Application, PreviewPage } from '../../api/wire/applications.ts'
import { SegmentFilter } from '../../list/filters.tsx'
import { to } from '../../paths.ts'
import { Failed } from '../../reading/failed.tsx'
import { Notice } from '../../ui/notice.tsx'
import { RowsToCome } from '../../ui/rows-to-come.tsx'
import classes from './preview.module.css'
import { type Preview, refusedField } from './use-preview.ts'
import { wearScheme } from './wear-scheme.ts'

interface BrandPreviewProps {
  application: Application
  preview: Preview
  isChanged: boolean
  /** What was typed last has been asked for. */
  isSettled: boolean
}

const pages = [
  ['sign-in', 'Sign in'],
  ['code', 'Code, once wrong'],
  ['link', 'Link in another browser'],
  ['account', 'Account'],
  ['sign-out', 'Sign out'],
  ['unavailable', 'While the database is away'],
  ['mail', 'Mail with a code'],
] as const satisfies readonly (readonly [PreviewPage, string])[]

/** A hosted page as people will see it: made by access itself, and nothing on it does anything. */
export function BrandPreview({ application, preview, isChanged, isSettled }: BrandPreviewProps) {
  const search = useSearch({ from: '/applications/$applicationId/brand' })
  const isNow = search.show === 'now' || !isChanged
  return (
    <section className={classes.preview} aria-label="Preview">
      <Choices application={application} isChanged={isChanged} />
      <p className={classes.which} role="status">
        {isNow ? 'What people see now' : 'Unsaved: only you see this'}
        {!isNow && (preview.isFetching || !isSettled) && ', being drawn'}
      </p>
      <Trouble preview={preview} />
      {preview.seen ? <Frame url={preview.seen.url} /> : !preview.error && <RowsToCome rows={8} />}
    </section>
  )
}

function Choices({ application, isChanged }: { application: Application; isChanged: boolean }) {
  const navigate = useNavigate()
  const search = useSearch({ from: '/applications/$applicationId/brand' })
  const link = (more: typeof search) => ({ ...to.brand(application.id, { ...search, ...more }), replace: true })
  return (
    <div className={classes.choices}>
      <Select
        aria-label="Page"
        data={pages.map(([value, label]) => ({ value, label }))}
        value={search.page ?? 'sign-in'}
        allowDeselect={false}
        onChange={(page) => navigate(link({ page: page === 'sign-in' ? undefined : (page as typeof search.page) }))}
      />
      <SegmentFilter
        label="Language"
        choices={[
          ['en', 'English'],
          ['de', 'Deutsch'],
        ]}
        value={search.language ?? 'en'}
        linkFor={(language) => link({ language: language === 'en' ? undefined : language })}
      />
      <SegmentFilter
        label="Colours"
        choices={[
          ['light', 'Light'],
          ['dark', 'Dark'],
        ]}
        value={search.scheme ?? 'light'}
        linkFor={(scheme) => link({ scheme: scheme === 'light' ? undefined : scheme })}
      />
      <SegmentFilter
        label="Width"
        choices={[
          ['390', '390 px'],
          ['1000', '1000 px'],
        ]}
        value={search.width ?? '390'}
        linkFor={(width) => link({ width: width === '390' ? undefined : width })}
      />
      {isChanged && (
        <SegmentFilter
          label="Shown"
          choices={[
            ['changed', 'With your changes'],
            ['now', 'As it is now'],
          ]}
          value={search.show ?? 'changed'}
          linkFor={(show) => link({ show: show === 'now' ? show : undefined })}
        />
      )}
    </div>
  )
}

/** A refusal of one field stands at that field; here it is said that what is seen is older. */
function Trouble({ preview: { error, seen } }: { preview: Preview }) {
  if (!error) return null
  if (refusedField(error)) {
    return (
      <Notice state="degraded" role="status" title="This brand cannot be shown yet">
        <p>{seen ? 'What you see is from before.' : ''} What has to be changed stands at its field.</p>
      </Notice>
    )
  }
  if (!isOutage(error)) return <Failed failure={error} />
  return (
    <Notice state="unknown" role="status" title="The preview cannot be drawn for now">
      <p>{error.message} What you filled in stays; the preview comes back by itself.</p>
    </Notice>
  )
}

const HEIGHT = 760

/** In its true width, made smaller where the page has less room: what wraps here wraps there too. */
function Frame({ url }: { url: string }) {
  const { width: asked, scheme = 'light' } = useSearch({ from: '/applications/$applicationId/brand' })
  const { ref, width: room } = useElementSize()
  const width = Number(asked ?? 390)
  const scale = room > 0 ? Math.min(1, room / width) : 1
  return (
    <div ref={ref} className={classes.room} style={{ height: HEIGHT * scale }}>
      <iframe
        // Another colour scheme is worn from the beginning, so the page comes anew.
        key={`${url} ${scheme}`}
        title="Preview of the page"
        src={url}
        className={classes.frame}
        sandbox="allow-same-origin"
        onLoad={(event) => wearScheme(event.currentTarget.contentDocument, scheme)}
        // Nothing on it can be pressed, so Tab goes past it.
        tabIndex={-1}
        style={{ width, height: HEIGHT, transform: `scale(${scale})`, colorScheme: scheme }}
      />
    </div>
  )
}
