/** A whole network in the test's process: the handler as a client's `fetch`, and rounds that come at once. */
import { IDL } from '@dfinity/candid'
import { Principal, RejectError } from '@tidemark/types'
import { createHttpHandler, createLiveDriver, type GatewayOptions, type HttpLimits, type RoundDriver } from '../../src/index.ts'
import { type TestCanister, TestReplica } from './testReplica.ts'

export const greeterId = Principal.canister(7n)
export const greeterInterface: IDL.InterfaceFactory = ({ IDL: idl }) =>
  idl.Service({
    greet: idl.Func([idl.Text], [idl.Text], ['query']),
    refuse_query: idl.Func([], [], ['query']),
    record: idl.Func([idl.Text], [idl.Text], []),
    refuse: idl.Func([], [], []),
    declined: idl.Func([], [], []),
    forever: idl.Func([], [], []),
  })

const textArg = (arg: Uint8Array): string => (IDL.decode([IDL.Text], arg) as [string])[0]

export const greeter: TestCanister = {
  controllers: [Principal.canister(1n)],
  metadata: {
    'candid:service': { visibility: 'public', content: new TextEncoder().encode('service : {}') },
    secret: { visibility: 'private', content: new TextEncoder().encode('hidden') },
  },
  queries: {
    greet: (arg, { sender }) => IDL.encode([IDL.Text], [`Hello ${textArg(arg)} of ${sender.toText()}`]),
    refuse_query: () => {
      throw new RejectError('CanisterRejectedMessage', 'not today')
    },
  },
  updates: {
    record: (arg, { sender }) => IDL.encode([IDL.Text], [`Recorded ${textArg(arg)} of ${sender.toText()}`]),
    refuse: () => {
      throw new RejectError('CanisterRejectedMessage', 'not today')
    },
    forever: () => undefined,
  },
}

export interface TestNetwork {
  readonly replica: TestReplica
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** Every request that came, and the answer's status. */
  readonly requests: { readonly method: string; readonly path: string; readonly status: number }[]
  readonly stop: () => void
}

export interface NetworkOptions {
  readonly gateway?: GatewayOptions
  readonly limits?: Partial<HttpLimits>
  /** Distance of the network's clock from the machine's, nanoseconds. */
  readonly clockAheadNanos?: bigint
  /** Takes the place of the driver's waiting. */
  readonly settled?: RoundDriver['settled']
  /** Address that requests come from; they come from this process without one. */
  readonly peer?: string
}

export function startNetwork({ gateway, limits, clockAheadNanos = 0n, settled, peer }: NetworkOptions = {}): TestNetwork {
  const now = (): bigint => BigInt(Date.now()) * 1_000_000n + clockAheadNanos
  const replica = new TestReplica(now())
  replica.canisters.set(greeterId.key, greeter)
  const schedule = (run: () => void, ms: number): (() => void) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  }
  const driver = createLiveDriver({ replica, now, schedule })
  const waiting = settled ? { ...driver, settled } : driver
  const handle = createHttpHandler({ replica, driver: waiting, ...(gateway && { gateway }), ...(limits && { limits }) })
  const requests: TestNetwork['requests'] = []
  return {
    replica,
    requests,
    stop: () => driver.stop(),
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const response = await (peer === undefined ? handle(request) : handle(request, { address: peer }))
      requests.push({ method: request.method, path: new URL(request.url).pathname, status: response.status })
      return response
    },
  }
}
