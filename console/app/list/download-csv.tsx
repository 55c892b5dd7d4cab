import { notifications } from '@mantine/notifications'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../api/call.ts'
import type { Page } from '../api/wire.ts'
import type { Ask } from '../paths.ts'
import { useReasonNotToAct } from '../reading/use-outage.ts'
import { ActButton } from '../ui/act-button.tsx'
import { sayNumber } from '../ui/moment.ts'
import { saveFile } from '../ui/save-file.ts'
import { type CsvColumn, csvOf } from './csv.ts'
import { PAGE_MAX, ROWS_MAX, readAll } from './read-all.ts'

export interface Csv<Row> {
  /** Of the file, without its ending. */
  name: string
  path: (ask: Ask) => string
  /** As the list was asked for: what is downloaded is what is seen, all pages of it. */
  filter: Ask
  columns: readonly CsvColumn<Row>[]
}

/** The whole list under its present filters as a file. */
export function DownloadCsv<Row>({ name, path, filter, columns }: Csv<Row>) {
  const [rowsRead, setRowsRead] = useState(0)
  const reason = useReasonNotToAct()
  const download = useMutation({
    mutationFn: () =>
      readAll((cursor) => call<Page<Row>>({ path: path({ ...filter, cursor, limit: PAGE_MAX }) }), setRowsRead),
    onSuccess: ({ rows, isWhole }) => {
      saveFile(`${name}.csv`, 'text/csv;charset=utf-8', csvOf(rows, columns))
      if (!isWhole) {
        notifications.show({
          title: `The file holds the first ${sayNumber(ROWS_MAX)} rows`,
          message: 'There are more. Narrow the filters, or read them all by the API.',
        })
      }
    },
    onError: (error) =>
      notifications.show({ title: 'Nothing was downloaded', message: error.message, color: 'failing' }),
    onSettled: () => setRowsRead(0),
  })
  return (
    <ActButton
      reason={reason}
      variant="subtle"
      leftSection={<IconDownload size={14} />}
      onClick={() => !download.isPending && download.mutate()}
    >
      {download.isPending ? `Reading, ${sayNumber(rowsRead)} rows` : 'Download CSV'}
    </ActButton>
  )
}
