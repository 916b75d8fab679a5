/** What metering and rollback cost small loops, and how fast modules are rewritten. */
import { type PageCharges, instrument } from '@tidemark/wasm'
import { assemble, instantiate, instantiateRaw } from '../../packages/wasm/bench/host.ts'
import { type ProgramName, programs } from '../../packages/wasm/bench/programs.ts'
import { compilePrograms } from '../motoko/support/programs.ts'
import { type Figure, median, milliseconds } from './figure.ts'

const pageCharges2026: PageCharges = { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true }
const { sorting } = Object.fromEntries(await compilePrograms(['sorting']))

export function instrumented(): Figure[] {
  // First: the loops leave compilers at work in the background, and a heap of a gigabyte.
  const rewriting = megabytesPerSecond(sorting ?? new Uint8Array(0))
  const against = 'metered and rollback-safe against raw: '
  return [
    { name: `${against}compute loop`, value: ratio('compute', 10_000_000, pageCharges2026), unit: '×', goal: 'at most 1.3' },
    { name: `${against}load-and-store loop, 2025`, value: ratio('loadStore', 5_000_000, 'dirty-4k-after'), unit: '×', goal: 'at most 1.6' },
    { name: `${against}load-and-store loop, 2026`, value: ratio('loadStore', 5_000_000, pageCharges2026), unit: '×', goal: 'at most 2.2' },
    { name: `${against}naive Fibonacci`, value: ratio('fibonacci', 27, pageCharges2026), unit: '×', goal: 'at most 2.5' },
    { name: 'a page dirtied in 1 GiB, against in 1 MiB', value: heapRatio(), unit: '×', goal: 'at most 1.3' },
    { name: 'instrumentation, warm', value: rewriting, unit: 'MB/s', goal: 'at least 20' },
  ]
}

/** Interleaved, so that both see the same machine. */
function ratio(name: ProgramName, size: number, pageCharges: PageCharges): number {
  const bytes = assemble(programs[name])
  const raw = instantiateRaw(bytes)
  const { run, controls } = instantiate(bytes, { pageCharges, branchHints: true })
  const measure = (): number => {
    const base = milliseconds(() => raw(size))
    controls.begin()
    controls.set_counter(2 ** 52)
    const metered = milliseconds(() => run(size))
    controls.commit()
    return metered / base
  }
  median(10, measure)
  return median(31, measure)
}

function heapRatio(): number {
  const guests = [16, 16_384].map((pages) =>
    instantiate(
      assemble(
        `(module (memory ${pages}) (func (export "run") (param i32) (result i32) (i32.store (i32.const 4096) (local.get 0)) (i32.const 0)))`,
      ),
      {},
    ),
  )
  // Pages that the host has never given out would be counted as a cost of the heap's size.
  for (const { memory } of guests) new Uint8Array(memory?.buffer ?? new ArrayBuffer(0)).fill(1)
  return median(15, () => {
    const [small = 0, large = 0] = guests.map(({ run, controls }) =>
      milliseconds(() => {
        for (let message = 0; message < 2000; message++) {
          controls.set_counter(1_000_000)
          controls.begin()
          run(message)
          controls.commit()
        }
      }),
    )
    return large / small
  })
}

function megabytesPerSecond(bytes: Uint8Array): number {
  const work = (): number => bytes.length / 1000 / milliseconds(() => instrument(bytes, { branchHints: true }))
  // Some twenty-five megabytes: until then the engine is still optimising the rewriter itself.
  median(100, work)
  return median(15, work)
}
