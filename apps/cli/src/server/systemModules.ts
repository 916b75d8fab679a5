/** The modules of the system canisters, built or taken from an earlier build. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { systemCanisters } from '@tidemark/system-canisters'
import { build } from '../deploy/build.ts'

/** The checkout that this program runs from. */
const ownRoot = fileURLToPath(new URL('../../../..', import.meta.url))
const buildsAtOnce = 2

/**
 * @param building - wraps the build of one canister, to show it
 * @param wanted - names of the canisters; those of all when left out
 * @returns module by the canister's name
 * @throws CliError when one does not build
 */
export async function buildSystemModules(
  building: <T>(name: string, task: () => Promise<T>) => Promise<T>,
  wanted: readonly string[] = systemCanisters.map(({ name }) => name),
): Promise<ReadonlyMap<string, Uint8Array>> {
  const modules = new Map<string, Uint8Array>()
  const waiting = [...new Set(wanted)]
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const current = name
      const { wasmPath } = await building(current, () => build(ownRoot, current))
      modules.set(current, new Uint8Array(readFileSync(wasmPath)))
    }
  }
  await Promise.all(Array.from({ length: buildsAtOnce }, worker))
  return modules
}
