import { buildFrom, type BuildOptions, type BuiltCanister } from './buildCanister.ts'
import { readProject } from './readProject.ts'

/** What to build; without `names`, every canister of `dfx.json`. */
export interface BuildAllOptions extends Omit<BuildOptions, 'name'> {
  readonly names?: readonly string[] | undefined
  /** How many builds may run at once; 2 when not given. */
  readonly concurrency?: number | undefined
}

/**
 * Builds several canisters, some of them at the same time.
 *
 * @returns the canisters in the order asked for
 * @throws {BuildError} the first one, after the builds that had begun have ended
 */
export async function buildAll({ root, names, onProgress, concurrency = 2 }: BuildAllOptions): Promise<readonly BuiltCanister[]> {
  const project = await readProject(root)
  const wanted = names ?? [...project.canisters.keys()]
  const built = new Map<string, BuiltCanister>()
  const waiting = [...wanted]
  const failures: unknown[] = []
  const worker = async () => {
    for (let name = waiting.shift(); name !== undefined && failures.length === 0; name = waiting.shift()) {
      try {
        built.set(name, await buildFrom(project, name, onProgress))
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  if (failures.length > 0) throw failures[0]
  return wanted.flatMap((name) => built.get(name) ?? [])
}
