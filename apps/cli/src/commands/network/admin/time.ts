/** `tidemark network time` and `tidemark network tick`. */
import type { AdminClient, NetworkTime } from '@tidemark/admin'
import type { Command } from 'commander'
import { print, type Terminal } from '../../../output/terminal.ts'
import { parseSeconds } from '../../../project/quantities.ts'
import { parsedBy } from '../../options.ts'
import { parseTime, timeLines } from './timeText.ts'
import { withAdmin } from './withAdmin.ts'

const nanosPerSecond = 1_000_000_000n

export function registerTime(network: Command, terminal: Terminal): void {
  const time = network.command('time').description('time of the network')
  const show = (json: boolean | undefined, act: (admin: AdminClient) => Promise<NetworkTime>) =>
    withAdmin(terminal, async (admin) => {
      const now = await act(admin)
      for (const line of json === true ? [JSON.stringify(now, null, 2)] : timeLines(now)) print(terminal, line)
    })
  const add = (parent: Command, name: string, description: string) =>
    parent.command(name).description(description).option('--json', 'print it as JSON')
  type Options = { readonly json?: boolean }

  add(time, 'get', 'show the time').action(({ json }: Options) => show(json, (admin) => admin.time()))
  add(time, 'set', 'move time forward to a moment, such as 2030-01-31T12:00:00Z; it goes on from there')
    .argument('<time>', 'RFC 3339, or nanoseconds since 1970', parsedBy('The time', parseTime))
    .action((nanos: bigint, { json }: Options) => show(json, (admin) => admin.setTime(nanos)))
  add(time, 'advance', 'move time forward by a duration, such as 30days or "1h 30min"')
    .argument('<duration>', 'seconds, or with units', parsedBy('The duration', parseSeconds))
    .action((seconds: bigint, { json }: Options) => show(json, (admin) => admin.advanceTime(seconds * nanosPerSecond)))
  add(time, 'pause', 'hold time, and run no rounds but those that are asked for').action(({ json }: Options) =>
    show(json, (admin) => admin.pause()),
  )
  add(time, 'resume', 'let time and rounds go on').action(({ json }: Options) => show(json, (admin) => admin.resume()))
  add(network, 'tick', 'run rounds now')
    .argument('[rounds]', 'how many', parsedBy('The number of rounds', parseCount), 1)
    .option('--step <duration>', 'move time before each by so much', parsedBy('--step', parseSeconds), 0n)
    .action((rounds: number, { json, step }: Options & { step: bigint }) =>
      show(json, (admin) => admin.runRounds(rounds, step * nanosPerSecond)),
    )
}

function parseCount(value: unknown): number {
  if (typeof value === 'string' && /^[1-9]\d{0,5}$/.test(value)) return Number(value)
  throw new Error(`a whole number from 1, not ${JSON.stringify(value)}`)
}
