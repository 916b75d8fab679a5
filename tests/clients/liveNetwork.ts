/** A network behind its HTTP interface, in process: clients reach it through `fetch`. */
import { type LiveDriver, createHttpHandler, createLiveDriver } from '@tidemark/http'
import { network } from '../support/index.ts'

export interface LiveNetwork {
  readonly driver: LiveDriver
  /** What an agent is created with besides its identity. */
  readonly agentOptions: {
    readonly host: string
    readonly fetch: typeof fetch
    readonly rootKey: Uint8Array
    readonly retryTimes: number
  }
}

export function liveNetwork(): LiveNetwork {
  const now = () => BigInt(Date.now()) * 1_000_000n
  const { replica } = network({ initialTimeNanos: now() })
  const driver = createLiveDriver({ replica, now, schedule })
  const handler = createHttpHandler({ replica, driver })
  return {
    driver,
    agentOptions: {
      host: 'http://127.0.0.1:4943',
      fetch: async (input, init) => handler(new Request(input as string, init)),
      rootKey: replica.rootKey,
      retryTimes: 0,
    },
  }
}

function schedule(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds)
  return () => clearTimeout(timer)
}
