import { initialFeedState, type FeedState } from '../../src/model/feedState.ts'
import type { HookCanisterName } from '../../src/model/hookView.ts'
import type { Executed, Sample } from '../../src/model/sample.ts'

const page = 65_536n
export const controller = 'xpv6q-3bgjx-nhpmf-gntlq-fiom7-bk7t7-yvp4i-tdmhd-ifg4e-nvmxj-4qe'
export const ids: ReadonlyMap<HookCanisterName, string> = new Map([
  ['low_wasm_memory_hook', 'bkyz2-fmaaa-aaaaa-qaaaq-cai'],
  ['low_wasm_memory_hook_wasm', 'bd3sg-teaaa-aaaaa-qaaba-cai'],
])

type Build = { readonly startPages: bigint; readonly limit: bigint; readonly threshold: bigint; readonly grows: readonly bigint[] }

// Memory after each heartbeat as reference runs of the two builds give it.
const builds: { readonly [name in HookCanisterName]: Build } = {
  low_wasm_memory_hook: {
    startPages: 82n,
    limit: 8n << 20n,
    threshold: 2n << 20n,
    grows: [0n, 1n, 1n, 2n, 1n, 1n, 1n, 2n, 1n, 1n, 1n, 2n, 1n],
  },
  low_wasm_memory_hook_wasm: {
    startPages: 22n,
    limit: 5_000_000n,
    threshold: 3_000_000n,
    grows: Array.from({ length: 18 }, (_, index) => (index % 2 === 0 ? 1n : 0n)),
  },
}

/** The build's record and samples after a number of executed functions. */
const run = (name: HookCanisterName, executedCount: number, fromNanos: bigint): readonly Sample[] => {
  const { startPages, limit, threshold, grows } = builds[name]
  let pages = startPages
  return Array.from({ length: executedCount + 1 }, (_, count): Sample => {
    if (count > 0 && count <= grows.length) pages += grows[count - 1] ?? 0n
    const executed = Array.from({ length: count }, (__, index): Executed => (index < grows.length ? 'heartbeat' : 'low_wasm_memory'))
    return {
      atNanos: fromNanos + BigInt(count) * 1_000_000_000n,
      status: 'running',
      balanceCycles: 2_998_870_000_000n - BigInt(count) * 12_345_678n,
      reservedCycles: 0n,
      idleCyclesBurnedPerDay: 1_037_904_000n,
      memoryBytes: pages * page + 451_000n,
      wasmMemoryBytes: pages * page,
      moduleHash: '5f'.repeat(32),
      settings: {
        controllers: [controller],
        memoryAllocationBytes: 0n,
        freezingThresholdSeconds: 2_592_000n,
        reservedCyclesLimit: 5_000_000_000_000n,
        wasmMemoryLimitBytes: limit,
        wasmMemoryThresholdBytes: threshold,
        computeAllocationPercent: 0n,
      },
      executed,
    }
  })
}

const scene = (selected: HookCanisterName, executedCount: number, earlier: readonly Sample[] = []): FeedState => {
  const samples = [...earlier, ...run(selected, executedCount, 1_790_000_100_000_000_000n)]
  const latest = samples.at(-1)
  return {
    ...initialFeedState(true),
    sessionReady: true,
    hookCanisters: ids,
    selected,
    readings: new Map([[selected, { order: latest?.executed ?? [], history: samples }]]),
    fleet: {
      polledAtNanos: latest?.atNanos ?? 0n,
      intervalSeconds: 1,
      claim: { kind: 'open' },
      canisters: [{ canisterId: ids.get(selected) ?? '', ...(latest === undefined ? {} : { latest }) }],
    },
  }
}

export const scenes = {
  connecting: initialFeedState(true),
  fresh: scene('low_wasm_memory_hook', 0),
  climbing: scene('low_wasm_memory_hook', 8),
  done: scene('low_wasm_memory_hook', 14),
  again: scene('low_wasm_memory_hook', 6, run('low_wasm_memory_hook', 14, 1_790_000_000_000_000_000n)),
  twin: scene('low_wasm_memory_hook_wasm', 19),
} satisfies { readonly [name: string]: FeedState }

export type SceneName = keyof typeof scenes
