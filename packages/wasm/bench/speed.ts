/** Megabytes of input that are instrumented per second. Run with `node bench/speed.ts <module.wasm>...`. */
import { readFileSync } from 'node:fs'
import { instrument, readModule } from '../src/index.ts'
import { median } from './host.ts'

const rounds = 15

for (const file of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(file))
  const report = (name: string, body: () => unknown): void => {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      body()
      times.push(performance.now() - start)
    }
    console.log(
      `${file.split('/').at(-1)} ${name}: ${(bytes.length / 1e3 / median(times)).toFixed(1)} MB/s (${median(times).toFixed(1)} ms)`,
    )
  }
  report('read', () => readModule(bytes))
  report('instrument 2025', () => instrument(bytes, { pageCharges: 'dirty-4k-after' }))
  report('instrument 2026', () => instrument(bytes))
}
