/** What experimental hooks cost those who do not use them: two networks, one with them, in short runs that take turns. */
import { lifecycleHookNames } from '@tidemark/state'
import { network } from '../support/index.ts'
import { increment, installCounter } from './counter.ts'
import { type Figure, medianOf } from './figure.ts'

const turns = 60
const messages = 1000

export function idleHooks(): Figure[] {
  return [
    { name: 'time per update, hooks on and not used, to hooks off', value: ratio([]), unit: 'times', goal: 'at most 1.02' },
    { name: 'time per update of a canister with every hook, none due', value: ratio(lifecycleHookNames), unit: 'times', goal: '' },
  ]
}

/**
 * Median processor time of a run with hooks to that of a run without. Whatever is made or run earlier has an advantage, so
 * each kind has the first and the last place among networks once, and the order of runs is turned around every time.
 */
function ratio(hooks: readonly string[]): number {
  const runners = [false, true, true, false].map((experimentalHooks) => {
    const net = network({ experimentalHooks })
    const id = installCounter(net, hooks)
    const run = () => increment(net, id, messages)
    for (let n = 0; n < 10; n++) run()
    return { experimentalHooks, run }
  })
  const times = { on: [] as number[], off: [] as number[] }
  for (let turn = 0; turn < turns; turn++) {
    for (const { experimentalHooks, run } of turn % 2 === 0 ? runners : runners.toReversed()) {
      times[experimentalHooks ? 'on' : 'off'].push(processorMicros(run))
    }
  }
  return medianOf(times.on) / medianOf(times.off)
}

/** Unlike the time on the clock it does not count what other programs take. */
function processorMicros(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
