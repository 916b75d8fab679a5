import { IDL } from '@dfinity/candid'
import type { Principal } from '@dfinity/principal'
import type { lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import { decodeHook, HookRejection } from '@tidemark/hooks'
import {
  cyclesBurn,
  init,
  inspectMessage,
  isController,
  msgArgData,
  msgCaller,
  onLowWasmMemory,
  postUpgrade,
  query,
  trap,
  update,
} from 'azle'
import { answer } from './answer.ts'
import { Example, fetchSeed } from './example.ts'
import { decodeArguments, initTypes, typesOf } from './service.ts'

const manual = { manual: true } as const
let current: Example | undefined

/** The methods of `lifecycle_hooks.did`, and the one by which the canister calls itself. */
export default class LifecycleHooks {
  @init(initTypes)
  install([given]: [] | [example.Init]): void {
    current = new Example(given)
  }

  @postUpgrade(initTypes)
  upgrade([given]: [] | [example.Init]): void {
    current = new Example(given)
  }

  @inspectMessage
  inspect(): boolean {
    return hooks().admits
  }

  @onLowWasmMemory
  lowWasmMemory(): Promise<void> {
    return hooks().lowWasmMemory()
  }

  @update([IDL.Nat64], undefined, manual)
  canister_hook_run(): Promise<void> {
    const [job] = IDL.decode([IDL.Nat64], msgArgData())
    return answer('canister_hook_run', () => hooks().runJob(msgCaller(), typeof job === 'bigint' ? job : -1n))
  }

  @update(...typesOf('canister_post_init'), manual)
  canister_post_init(): Promise<void> {
    return receive('canister_post_init')
  }

  @update(...typesOf('canister_on_error'), manual)
  canister_on_error(): Promise<void> {
    return receive('canister_on_error')
  }

  @update(...typesOf('canister_on_low_cycles'), manual)
  canister_on_low_cycles(): Promise<void> {
    return receive('canister_on_low_cycles')
  }

  @update(...typesOf('canister_on_low_heap_memory'), manual)
  canister_on_low_heap_memory(): Promise<void> {
    return receive('canister_on_low_heap_memory')
  }

  @update(...typesOf('canister_on_output_queue_full'), manual)
  canister_on_output_queue_full(): Promise<void> {
    return receive('canister_on_output_queue_full')
  }

  @update(...typesOf('canister_on_unfreeze'), manual)
  canister_on_unfreeze(): Promise<void> {
    return receive('canister_on_unfreeze')
  }

  @update(...typesOf('canister_system_notification'), manual)
  canister_system_notification(): Promise<void> {
    return receive('canister_system_notification')
  }

  @query(...typesOf('canister_output_queue_size'))
  canister_output_queue_size(): bigint {
    return BigInt(hooks().outputQueueSize)
  }

  @query(...typesOf('canister_hook_runs'))
  canister_hook_runs(): example.Run[] {
    requireReader()
    return hooks().runs
  }

  @query(...typesOf('canister_hook_errors'))
  canister_hook_errors(): example.CapturedError[] {
    requireReader()
    return hooks().errors
  }

  @update(...typesOf('canister_hook_redrive'))
  async canister_hook_redrive(numbers: BigUint64Array): Promise<[bigint, [] | [example.Redriven]][]> {
    requireReader()
    const outcomes = await hooks().redrive([...numbers])
    return outcomes.map(([number, outcome]) => [number, outcome === undefined ? [] : [outcome]])
  }

  @query(...typesOf('runs'))
  runs(): example.Run[] {
    return hooks().runs
  }

  @query(...typesOf('order'))
  order(): string[] {
    return state().order
  }

  @query(...typesOf('dice'))
  dice(): { seed: bigint; rolls: bigint } {
    const { seed, rolls } = state()
    return { seed, rolls }
  }

  @update(...typesOf('roll'), manual)
  roll(): Promise<void> {
    return guarded('roll', () => {
      state().rolls += 1n
      return BigInt.asUintN(64, state().seed + state().rolls)
    })
  }

  @update(...typesOf('fail_hook'))
  fail_hook(hook: string): void {
    state().failing = hook
  }

  @update(...typesOf('burn_cycles'), manual)
  burn_cycles(): Promise<void> {
    return guarded('burn_cycles', (amount) => cyclesBurn(BigInt(String(amount))))
  }

  @update(...typesOf('grow_heap'), manual)
  grow_heap(): Promise<void> {
    return guarded('grow_heap', (bytes) => void state().ballast.push(new Uint8Array(Number(bytes)).fill(1)))
  }

  @update(...typesOf('trap_before_await'), manual)
  trap_before_await(): Promise<void> {
    return guarded('trap_before_await', (reason) => {
      state().rolls += 1n
      state().failUnlessMended(String(reason))
    })
  }

  @update(...typesOf('trap_after_await'), manual)
  trap_after_await(): Promise<void> {
    return guarded('trap_after_await', async (reason) => {
      state().rolls += 1n
      await fetchSeed()
      state().failUnlessMended(String(reason))
    })
  }

  @update(...typesOf('fill_output_queue'))
  async fill_output_queue(calls: bigint, paced: boolean): Promise<void> {
    const call = () => (paced ? hooks().paced(fetchSeed) : fetchSeed())
    await Promise.all(Array.from({ length: Number(calls) }, call))
  }
}

function state(): Example {
  return current ?? trap('The canister is not initialised: install it again.')
}

function hooks(): Example['hooks'] {
  return state().hooks
}

function receive(method: string): Promise<void> {
  return answer(method, () => {
    const { event, delivery } = decodeHook(method, msgArgData())
    return hooks().receive(msgCaller(), event, delivery)
  })
}

/** Runs the work of a method guarded, and answers with its result. */
function guarded(method: string, work: (argument: unknown) => unknown): Promise<void> {
  return answer(method, async () => {
    let result: unknown
    const args = msgArgData()
    await hooks().guarded(method, args, async () => {
      result = await work(decodeArguments(method, args)[0])
    })
    return result
  })
}

function requireReader(): void {
  const caller: Principal = msgCaller()
  if (!isController(caller) && !hooks().mayCall(caller)) throw new HookRejection('Only controllers and the monitor may do this.')
}
