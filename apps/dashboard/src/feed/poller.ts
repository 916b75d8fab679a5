/** Something that can be hidden from view, as a document is. */
export type Visibility = {
  readonly hidden: boolean
  addEventListener(type: 'visibilitychange', listener: () => void): void
  removeEventListener(type: 'visibilitychange', listener: () => void): void
}

export type Poller = {
  /** Runs the task at once, however long the next turn is away. */
  readonly poke: () => void
  readonly stop: () => void
}

export type PollerOptions = {
  /** Pause between the end of one run and the start of the next. */
  readonly everyMs: number
  /** Never throws: what went wrong is part of what it reports. */
  readonly task: () => Promise<void>
  readonly visibility: Visibility
}

/** Repeats a task while the page can be seen. Runs never overlap; a page that comes back into view is served at once. */
export const createPoller = ({ everyMs, task, visibility }: PollerOptions): Poller => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let again = false
  let stopped = false
  const run = async (): Promise<void> => {
    clearTimeout(timer)
    if (stopped || visibility.hidden) return
    if (running) {
      again = true
      return
    }
    running = true
    await task()
    running = false
    if (stopped) return
    const wait = again ? 0 : everyMs
    again = false
    timer = setTimeout(() => void run(), wait)
  }
  const changed = (): void => void run()
  visibility.addEventListener('visibilitychange', changed)
  void run()
  return {
    poke: changed,
    stop: () => {
      stopped = true
      clearTimeout(timer)
      visibility.removeEventListener('visibilitychange', changed)
    },
  }
}
