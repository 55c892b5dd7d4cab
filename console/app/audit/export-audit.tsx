import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconChevronDown, IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { callForFile } from '../api/call.ts'
import { type AuditSearch, api } from '../paths.ts'
import { useReasonNotTo } from '../reading/use-may.ts'
import { ActButton } from '../ui/act-button.tsx'
import { saveFile } from '../ui/save-file.ts'
import { askFor } from './read-audit.ts'

/** A hundred thousand entries take a while to be read and named. */
const DEADLINE_MS = 120_000

const formats = {
  csv: { name: 'CSV, for a spreadsheet', type: 'text/csv;charset=utf-8' },
  ndjson: { name: 'NDJSON, a document a line', type: 'application/x-ndjson' },
} as const

/** All entries under the present filters. That it was exported is itself an entry. */
export function ExportAudit({ search }: { search: AuditSearch }) {
  const reason = useReasonNotTo('audit:read')
  const save = useMutation({
    mutationFn: (format: keyof typeof formats) =>
      callForFile({ path: api.auditExport({ format, ...askFor(search) }), deadlineMs: DEADLINE_MS }),
    onSuccess: (text, format) => saveFile(`audit.${format}`, formats[format].type, text),
    onError: (error) => notifications.show({ title: 'Nothing was exported', message: error.message, color: 'failing' }),
  })
  if (reason !== null) {
    return (
      <ActButton variant="default" reason={reason} onClick={() => {}}>
        Export
      </ActButton>
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          loading={save.isPending}
          leftSection={<IconDownload size={14} />}
          rightSection={<IconChevronDown size={14} />}
        >
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(formats).map(([format, { name }]) => (
          <Menu.Item key={format} onClick={() => save.mutate(format as keyof typeof formats)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
