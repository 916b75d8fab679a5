/** Makes an agent that talks to a network. */
import { HttpAgent, type Identity } from '@dfinity/agent'
import { CliError, messageOf } from '../output/cliError.ts'
import type { Network } from './network.ts'

const answerMilliseconds = 10_000

/** @throws CliError when no network answers */
export async function connect(network: Network, identity: Identity): Promise<HttpAgent> {
  await requireAnswer(network)
  // On this machine a refused request stays refused: no agent's retries, which take seconds.
  const retryTimes = network.isMainnet ? 3 : 0
  return HttpAgent.create({ host: network.url, identity, retryTimes, shouldFetchRootKey: !network.isMainnet })
}

/** The network's own word on its health. @throws CliError when no network answers */
export async function requireAnswer(network: Network): Promise<void> {
  let why: string
  try {
    const response = await fetch(new URL('/api/v2/status', network.url), { signal: AbortSignal.timeout(answerMilliseconds) })
    await response.body?.cancel()
    if (response.ok) return
    why = `It answered with HTTP ${response.status}.`
  } catch (error) {
    why = error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error)
  }
  throw new CliError({
    what: `No network answers at ${network.url}.`,
    why,
    remedy: network.name === 'local' ? 'Start one in another terminal: tidemark start' : 'Check the address and your connection.',
  })
}
