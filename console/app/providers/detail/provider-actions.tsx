import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import type { Provider } from '../../api/wire/providers.ts'
import type { ProviderAsk } from '../provider-search.ts'
import { useReasonNotTo } from '../../reading/use-may.ts'
import { ActButton } from '../../ui/act-button.tsx'
import { useClock } from '../../ui/clock.tsx'
import { fallBackOf } from '../say-verdict.ts'

interface ActionsProps {
  provider: Provider
  onAsk: (ask: ProviderAsk) => void
}

/** The next thing to do with it in front, orders beside, the rest behind one button. */
export function ProviderActions({ provider, onAsk }: ActionsProps) {
  const reason = useReasonNotTo('providers:write')
  const untested = provider.tested_at ? null : 'Test it first: it is offered to people only after it worked once.'
  return (
    <>
      <ActButton
        variant={provider.is_enabled || provider.tested_at ? 'default' : 'filled'}
        reason={reason}
        onClick={() => onAsk('test')}
      >
        Test
      </ActButton>
      {provider.is_enabled ? (
        <Orders provider={provider} reason={reason} onAsk={onAsk} />
      ) : (
        <ActButton reason={reason ?? untested} onClick={() => onAsk('enable')}>
          Enable
        </ActButton>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Item reason={reason} onClick={() => onAsk('edit')}>
            Edit
          </Item>
          <Item reason={reason} onClick={() => onAsk('secret')}>
            Replace the client secret
          </Item>
          <Menu.Divider />
          {provider.is_enabled && (
            <Item reason={reason} onClick={() => onAsk('disable')}>
              Disable
            </Item>
          )}
          <Item reason={reason} onClick={() => onAsk('delete')}>
            Remove
          </Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

/** Somebody who knows more than what can be seen may decide, for a time and with a reason. */
function Orders({ provider, reason, onAsk }: ActionsProps & { reason: string | null }) {
  const { serverNowMs } = useClock()
  const { is } = fallBackOf(provider.verdict, serverNowMs)
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} />}>
          Fall-back
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Item reason={reason} onClick={() => onAsk('force')}>
          Force open
        </Item>
        <Item reason={reason} onClick={() => onAsk('forbid')}>
          Forbid
        </Item>
        <Menu.Divider />
        <Item
          reason={reason ?? (is === 'forced' || is === 'forbidden' ? null : 'There is no order in force.')}
          onClick={() => onAsk('clear-order')}
        >
          Clear the order
        </Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Item({ reason, onClick, children }: { reason: string | null; onClick: () => void; children: string }) {
  return (
    <Menu.Item disabled={reason !== null} title={reason ?? undefined} onClick={onClick}>
      {children}
    </Menu.Item>
  )
}
