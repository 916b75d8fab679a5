/** Sections of the interface specification, each with the tests that check it. Titles are all that is written by hand. */

export interface Section {
  readonly title: string
  /** Test files or folders, from the root of the repository. */
  readonly tests: readonly string[]
}

const execution = 'packages/execution/test'
const replica = 'packages/replica/test'
const management = `${replica}/management`
const http = 'packages/http/test'
const certification = 'packages/certification/test'
const wasm = 'packages/wasm/test'

export const sections: readonly Section[] = [
  { title: 'Pervasive concepts: principals', tests: ['packages/types/test'] },
  {
    title: 'Canister lifecycle',
    tests: [
      `${replica}/messages/lifecycle.test.ts`,
      `${replica}/acceptance/code.test.ts`,
      `${replica}/acceptance/versions.test.ts`,
      `${management}/lifecycle.test.ts`,
      `${management}/sequences.test.ts`,
    ],
  },
  { title: 'HTTPS interface: calls and their status', tests: [`${http}/calls.test.ts`, `${replica}/ingress.test.ts`] },
  { title: 'HTTPS interface: read_state', tests: [`${http}/readState.test.ts`] },
  { title: 'HTTPS interface: requests, encoding and limits', tests: [`${http}/requests.test.ts`, `${http}/tampering.test.ts`] },
  { title: 'HTTPS interface: authentication', tests: [`${http}/authentication.test.ts`] },
  { title: 'HTTPS interface: real clients', tests: [`${http}/agents.test.ts`, 'packages/bindings/test'] },
  { title: 'Canister module format', tests: [`${execution}/validation`, `${wasm}/malformed.test.ts`, `${wasm}/controls.test.ts`] },
  {
    title: 'Canister module: execution of WebAssembly',
    tests: [
      `${wasm}/opcodes.test.ts`,
      `${wasm}/memoryAccess.test.ts`,
      `${wasm}/randomPrograms.test.ts`,
      `${wasm}/rollback.test.ts`,
      `${wasm}/motoko.test.ts`,
    ],
  },
  {
    title: 'Canister interface: entry points and their messages',
    tests: [
      `${replica}/messages/updates.test.ts`,
      `${replica}/messages/errorTexts.test.ts`,
      `${replica}/messages/inspect.test.ts`,
      `${replica}/messages/widths.test.ts`,
    ],
  },
  {
    title: 'Canister interface: heartbeat and global timer',
    tests: [`${replica}/tasks/heartbeatAndTimer.test.ts`, `${replica}/acceptance/timers.test.ts`],
  },
  { title: 'Canister interface: on low Wasm memory', tests: [`${replica}/tasks/hook.test.ts`] },
  {
    title: 'System API: functions and the contexts that may use them',
    tests: [`${execution}/systemApi/contexts.test.ts`, `${replica}/contexts.test.ts`],
  },
  { title: 'System API: bounds and errors', tests: [`${execution}/systemApi/bounds.test.ts`, `${execution}/systemApi/floods.test.ts`] },
  { title: 'System API: instructions charged', tests: [`${execution}/systemApi/charges.test.ts`] },
  {
    title: 'Instruction metering',
    tests: [`${execution}/instructionCounts.test.ts`, `${wasm}/instructionCounts.test.ts`, `${wasm}/weights.test.ts`],
  },
  {
    title: 'Inter-canister calls',
    tests: [
      `${replica}/messages/calls.test.ts`,
      `${replica}/messages/openCalls.test.ts`,
      `${replica}/acceptance/calls.test.ts`,
      'packages/state/test/queues.test.ts',
    ],
  },
  { title: 'Inter-canister calls: best-effort responses', tests: [`${replica}/messages/bestEffort.test.ts`] },
  { title: 'Composite queries', tests: [`${replica}/messages/compositeQueries.test.ts`] },
  {
    title: 'Stable memory and canister logs',
    tests: ['packages/state/test/pagedMemory.test.ts', 'packages/state/test/canisterLog.test.ts'],
  },
  {
    title: 'Management canister: creation, settings and information',
    tests: [
      `${management}/createCanister.test.ts`,
      `${management}/updateSettings.test.ts`,
      `${management}/information.test.ts`,
      `${management}/dispatch.test.ts`,
      `${management}/logStore.test.ts`,
    ],
  },
  { title: 'Management canister: code and chunks', tests: [`${management}/installCode.test.ts`, `${management}/chunkStore.test.ts`] },
  { title: 'Management canister: snapshots', tests: [`${management}/snapshots.test.ts`, `${management}/snapshotTransfer.test.ts`] },
  {
    title: 'Management canister: HTTPS outcalls',
    tests: [`${management}/externalHttp.test.ts`, `${management}/outcallsAsYouGo.test.ts`, `${execution}/systemApi/costs.test.ts`],
  },
  { title: 'Management canister: threshold keys', tests: [`${management}/externalKeys.test.ts`] },
  { title: 'Certification', tests: [certification] },
  { title: 'Memory: limits, growth and reservation', tests: [`${replica}/memory.test.ts`] },
  { title: 'Cycles', tests: ['packages/cycles/test', `${replica}/cyclesLedger.test.ts`, `${replica}/acceptance/cycles.test.ts`] },
  { title: 'Scheduling and determinism', tests: [`${replica}/scheduling.test.ts`, `${replica}/determinism.test.ts`] },
]
