/**
 * Time of instrumented code relative to the same code raw, interleaved in one process. Run with `node bench/ratios.ts`; Node 24
 * needs `--experimental-wasm-branch-hinting` to read which paths are slow.
 */
import type { PageCharges } from '../src/index.ts'
import { assemble, instantiate, instantiateRaw, median } from './host.ts'
import { programs, type ProgramName } from './programs.ts'

const generations: Readonly<Record<string, PageCharges>> = {
  '2025': 'dirty-4k-after',
  '2026': { kind: 'touch-64k', read: 80_000, write: 80_000, chargeWrites: true },
}
const sizes: Readonly<Record<ProgramName, number>> = {
  compute: 20_000_000,
  loadStore: 10_000_000,
  prefixSum: 10_000_000,
  bubble: 3_000,
  fibonacci: 32,
}
const rounds = 15

for (const [name, wat] of Object.entries(programs) as [ProgramName, string][]) {
  const bytes = assemble(wat)
  const raw = instantiateRaw(bytes)
  for (const [generation, pageCharges] of Object.entries(generations)) {
    const { run, controls } = instantiate(bytes, { pageCharges, branchHints: true })
    const size = sizes[name]
    const rawTimes: number[] = []
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      rawTimes.push(time(() => raw(size)))
      controls.begin()
      controls.set_counter(2 ** 52)
      times.push(time(() => run(size)))
      controls.commit()
    }
    const ratio = median(times) / median(rawTimes)
    console.log(
      `${name} ${generation}: raw ${median(rawTimes).toFixed(1)} ms, instrumented ${median(times).toFixed(1)} ms, ratio ${ratio.toFixed(2)}`,
    )
  }
}

function time(body: () => void): number {
  const start = performance.now()
  body()
  return performance.now() - start
}
