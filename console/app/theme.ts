import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

/** Mantine wants ten shades; the console has one of each, and tokens.css decides how it looks in light and dark. */
function oneShade(token: string): MantineColorsTuple {
  return Array.from({ length: 10 }, () => `var(${token})`) as unknown as MantineColorsTuple
}

function tuple(tokens: readonly string[]): MantineColorsTuple {
  return tokens.map((token) => `var(--${token})`) as unknown as MantineColorsTuple
}

const filled = {
  accent: { background: 'var(--accent)', hover: 'var(--accent-hover)', color: 'var(--on-accent)' },
  failing: { background: 'var(--failing)', hover: 'var(--failing-hover)', color: 'var(--on-failing)' },
}

const subtle = { background: 'transparent', hover: 'var(--hover)', color: 'var(--ink-soft)' }

const variantColorResolver: VariantColorsResolver = (input) => {
  const name = (input.color ?? input.theme.primaryColor) as keyof typeof filled
  if (input.variant === 'filled' && filled[name]) return { ...filled[name], border: '1px solid transparent' }
  if (input.variant === 'subtle') return { ...subtle, border: '1px solid transparent' }
  return defaultVariantColorsResolver(input)
}

export const theme = createTheme({
  colors: {
    accent: oneShade('--accent'),
    failing: oneShade('--failing'),
    // Mantine paints with grey in light and with dark in dark; both are our paper, lines and ink.
    gray: tuple([
      'hover',
      'sunken',
      'sunken',
      'line',
      'line-strong',
      'ink-faint',
      'ink-faint',
      'ink-soft',
      'ink-soft',
      'ink',
    ]),
    dark: tuple([
      'ink',
      'ink-soft',
      'ink-faint',
      'ink-faint',
      'line-strong',
      'sunken',
      'sheet',
      'sheet',
      'sunken',
      'paper',
    ]),
  },
  primaryColor: 'accent',
  variantColorResolver,
  white: 'var(--sheet)',
  black: 'var(--ink)',
  fontFamily: "'Inter Variable', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, monospace",
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '20px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '6px', xl: '6px' },
  defaultRadius: 'md',
  shadows: {
    xs: 'var(--shadow)',
    sm: 'var(--shadow)',
    md: 'var(--shadow)',
    lg: 'var(--shadow)',
    xl: 'var(--shadow)',
  },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '20px', lineHeight: '28px' },
      h2: { fontSize: '14px', lineHeight: '20px' },
      h3: { fontSize: '13px', lineHeight: '20px' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs', fw: 500 } },
    ActionIcon: { defaultProps: { variant: 'subtle' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', withItemsBorders: false } },
    // The placeholder is a child that role="menu" may not have; without it the first item takes the focus.
    Menu: { defaultProps: { transitionProps: { duration: 150 }, withInitialFocusPlaceholder: false } },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      // In the dark it would be Mantine's white, which is our sheet.
      styles: { title: { color: 'var(--ink)' } },
    },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: { duration: 150, transition: 'fade' },
        overlayProps: { opacity: 0.4 },
      },
    },
    Drawer: { defaultProps: { transitionProps: { duration: 150 } } },
  },
})

const everywhere = {
  '--mantine-color-body': 'var(--sheet)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-faint)',
  '--mantine-color-placeholder': 'var(--ink-faint)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--failing)',
  '--mantine-color-success': 'var(--ok)',
  '--mantine-color-default': 'var(--sheet)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-accent-light': 'var(--chosen)',
  '--mantine-color-accent-light-color': 'var(--ink-soft)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
}

/** Mantine's own words for colours, said in ours. The same in both schemes: the tokens know the difference. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: everywhere,
  dark: everywhere,
})
