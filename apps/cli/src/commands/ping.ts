/** `tidemark ping`: whether a network answers, and what it says of itself. */
import type { Command } from 'commander'
import { HttpAgent } from '@dfinity/agent'
import { toHex } from '@tidemark/types'
import { requireAnswer } from '../network/connect.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { openOffline } from '../session.ts'
import { networkHelp } from './options.ts'

export function registerPing(program: Command, terminal: Terminal): void {
  program
    .command('ping')
    .description('ask a network for its status')
    .argument('[network]', networkHelp)
    .action((network: string | undefined) => ping(terminal, network))
}

async function ping(terminal: Terminal, name: string | undefined): Promise<void> {
  const { network } = openOffline(terminal, name === undefined ? {} : { network: name })
  await requireAnswer(network)
  const status = await HttpAgent.createSync({ host: network.url }).status()
  print(
    terminal,
    JSON.stringify(
      status,
      (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : typeof value === 'bigint' ? Number(value) : value),
      2,
    ),
  )
}
