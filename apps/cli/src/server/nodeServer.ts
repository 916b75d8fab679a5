/** The server of a local network, with words for whoever started it when it cannot start. */
import { type FetchHandler, listen as listenWith, type NodeServer } from '@tidemark/listen'
import { CliError, messageOf, systemCodeOf } from '../output/cliError.ts'

export type { FetchHandler, NodeServer }

/**
 * @param onFailure - hears of what went wrong while answering; the client gets a plain 500
 * @throws CliError when the address cannot be listened on
 */
export async function listen(
  address: { host: string; port: number },
  handler: FetchHandler,
  onFailure: (error: unknown) => void,
): Promise<NodeServer> {
  try {
    return await listenWith(address, handler, onFailure)
  } catch (error) {
    throw explain(error, address.host, address.port)
  }
}

function explain(error: unknown, host: string, port: number): CliError {
  const other = `or listen on another port: --host ${host}:${port === 4943 ? 8000 : 4943}`
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new CliError({
        what: `Port ${port} is taken.`,
        why: `Another program on this machine listens on ${host}:${port}; it may be a network that was started before.`,
        remedy: `Stop that program (a network of this project: tidemark stop), ${other}`,
      })
    case 'EACCES':
      return new CliError({ what: `Port ${port} may not be used.`, why: messageOf(error), remedy: `Choose a port above 1023, ${other}` })
    case 'EADDRNOTAVAIL':
      return new CliError({
        what: `This machine has no address ${host}.`,
        remedy: 'Use --host 127.0.0.1:4943, or an address of this machine.',
      })
    default:
      return new CliError({ what: `The network cannot listen on ${host}:${port}.`, why: messageOf(error) })
  }
}
