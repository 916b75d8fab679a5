// A program of a stranger: nothing but @dfinity/agent. Calls get_executed_functions_order until the hook has run.
// node watchHook.mjs <host> <canister id>; prints the order as JSON.
import { Actor, HttpAgent } from '@dfinity/agent'

const [host, canisterId] = process.argv.slice(2)
const agent = await HttpAgent.create({ host, shouldFetchRootKey: true })
const actor = Actor.createActor(
  ({ IDL }) =>
    IDL.Service({
      get_executed_functions_order: IDL.Func([], [IDL.Vec(IDL.Variant({ Heartbeat: IDL.Null, OnLowWasmMemory: IDL.Null }))], ['query']),
    }),
  { agent, canisterId },
)
const deadline = Date.now() + 60_000
for (;;) {
  const order = (await actor.get_executed_functions_order()).map((entry) => Object.keys(entry)[0])
  if (order.at(-1) === 'OnLowWasmMemory') {
    process.stdout.write(JSON.stringify(order))
    break
  }
  if (Date.now() > deadline) throw new Error(`no hook after a minute: ${order.join(' ')}`)
  await new Promise((resolve) => setTimeout(resolve, 200))
}
