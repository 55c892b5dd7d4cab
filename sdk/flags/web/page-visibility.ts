/** What of a page is looked at: `document`. */
export interface Page {
  readonly hidden: boolean
  addEventListener(event: 'visibilitychange', listener: () => void): void
  removeEventListener(event: 'visibilitychange', listener: () => void): void
}

export interface WatchOptions {
  page: Page | undefined
  /** How long a page may be hidden before nobody looks at it any more. */
  hiddenMs(): number
  onLeft(): void
  onBack(): void
}

/** Tells when nobody looks at a page any more, and when somebody does again. Returns what ends it. */
export function watchPage({ page, hiddenMs, onLeft, onBack }: WatchOptions): () => void {
  if (!page) return () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let isLeft = false
  const leave = () => {
    isLeft = true
    onLeft()
  }
  const look = () => {
    clearTimeout(timer)
    if (page.hidden) timer = setTimeout(leave, hiddenMs())
    else if (isLeft) {
      isLeft = false
      onBack()
    }
  }
  page.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', look)
  }
}
