/** Shows the steps of a long command: a line for each that takes more than a second, with the time it took. */
import { seconds } from './numbers.ts'
import { print, type Terminal } from './terminal.ts'

const quietMilliseconds = 1000
/** A longer line would wrap on a narrow screen, and only its last row could be rewritten. */
const longestLine = 78

export interface Steps {
  /** Runs one step. Steps may run at the same time. */
  run<T>(title: string, work: () => Promise<T>): Promise<T>
}

/** @param now - milliseconds of a clock that only runs forward */
export function createSteps(terminal: Terminal, now: () => number = () => performance.now()): Steps {
  const active = new Map<object, { readonly title: string; readonly started: number }>()
  let shown = 0

  const clear = () => {
    if (shown > 0) terminal.write(`\r${' '.repeat(shown)}\r`)
    shown = 0
  }
  const redraw = () => {
    clear()
    const waiting = [...active.values()].filter(({ started }) => now() - started >= quietMilliseconds)
    const line = waiting
      .map(({ title, started }) => `${title} … ${seconds(now() - started)}`)
      .join('  |  ')
      .slice(0, longestLine)
    terminal.write(line)
    shown = line.length
  }

  return {
    run: async (title, work) => {
      const key = {}
      const started = now()
      active.set(key, { title, started })
      // On a screen one line follows the time; in a log each long step is named once when it is a second old.
      const timer = terminal.isScreen ? setInterval(redraw, 200) : setTimeout(() => print(terminal, `${title} …`), quietMilliseconds)
      try {
        const result = await work()
        if (terminal.isScreen) clear()
        if (now() - started >= quietMilliseconds) print(terminal, `${title}: done in ${seconds(now() - started)}`)
        return result
      } catch (error) {
        if (terminal.isScreen) clear()
        throw error
      } finally {
        clearTimeout(timer)
        active.delete(key)
      }
    },
  }
}
