import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { BuildError } from '../buildError.ts'
import type { Builder } from '../builder.ts'
import { run } from '../run.ts'
import type { CommandSpec } from '../spec.ts'
import { workspaceOf, workspaceSources } from '../workspace.ts'

/** Canisters whose own commands make the module that `dfx.json` names. */
export const commandBuilder: Builder<CommandSpec> = {
  async inputs(root, spec) {
    return { files: await workspaceSources(root, workspaceOf(root, dirname(spec.candid))), versions: { node: process.version } }
  },

  async build({ root }, spec) {
    await runCommands(root, spec.name, spec.commands)
    const [wasm, candid] = await Promise.all([spec.wasm, spec.candid].map((path) => readProduct(root, spec.name, path)))
    return { wasm: wasm ?? new Uint8Array(), candid: candid?.toString() ?? '' }
  },
}

/**
 * Runs the commands of a `build` entry in the project root, one after the other.
 *
 * @throws {BuildError} with the last words of the command that failed
 */
export async function runCommands(root: string, name: string, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { code, output } = await run({ program: command, args: [], cwd: root, shell: true })
    if (code === 0) continue
    throw new BuildError(
      name,
      `\`${command}\` ended with code ${code}.\n${output.trim().slice(-4000)}`,
      'Mend what the command complains about and run it again.',
    )
  }
}

async function readProduct(root: string, name: string, path: string): Promise<Buffer> {
  return readFile(join(root, path)).catch(() => {
    throw new BuildError(
      name,
      `The build left no ${path}.`,
      `Correct \`build\`, \`wasm\` or \`candid\` of canister \`${name}\` in dfx.json.`,
    )
  })
}
