import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPoller, type Visibility } from '../../src/feed/poller.ts'

const view = (): Visibility & { set: (hidden: boolean) => void } => {
  const listeners = new Set<() => void>()
  const self = {
    hidden: false,
    addEventListener: (_type: 'visibilitychange', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'visibilitychange', listener: () => void) => void listeners.delete(listener),
    set: (hidden: boolean) => {
      self.hidden = hidden
      for (const listener of listeners) listener()
    },
  }
  return self
}

describe('polling', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('repeats while the page can be seen, pauses while it cannot', async () => {
    const task = vi.fn(() => Promise.resolve())
    const visibility = view()
    createPoller({ everyMs: 700, task, visibility })
    await vi.advanceTimersByTimeAsync(1_400)
    expect(task).toHaveBeenCalledTimes(3)
    visibility.set(true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(task).toHaveBeenCalledTimes(3)
    visibility.set(false)
    expect(task).toHaveBeenCalledTimes(4)
  })

  test('never runs twice at a time; a poke during a run makes the next follow at once', async () => {
    const ends: (() => void)[] = []
    const task = vi.fn(() => new Promise<void>((resolve) => void ends.push(resolve)))
    const poller = createPoller({ everyMs: 700, task, visibility: view() })
    poller.poke()
    poller.poke()
    expect(task).toHaveBeenCalledTimes(1)
    ends[0]?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(task).toHaveBeenCalledTimes(2)
  })

  test('stops', async () => {
    const task = vi.fn(() => Promise.resolve())
    const visibility = view()
    const poller = createPoller({ everyMs: 700, task, visibility })
    poller.stop()
    poller.poke()
    visibility.set(false)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(task).toHaveBeenCalledTimes(1)
  })
})
