import { Button, type ButtonProps, Tooltip } from '@mantine/core'

interface ActButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** Why it cannot be pressed now; null when it can. Told on hover, on focus and to those who hear it. */
  reason: string | null
  onClick: () => void
  children: React.ReactNode
}

/** Disabled with a reason rather than hidden, and still in reach of the keyboard, or nobody would hear the reason. */
export function ActButton({ reason, onClick, ...rest }: ActButtonProps) {
  const isOff = reason !== null
  return (
    <Tooltip label={reason} disabled={!isOff} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        data-disabled={isOff || undefined}
        aria-disabled={isOff || undefined}
        aria-description={reason ?? undefined}
        onClick={isOff ? undefined : onClick}
      />
    </Tooltip>
  )
}
