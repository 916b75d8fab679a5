/** Flags for canister settings, on `create` and on `update-settings`. */
import type { Command } from 'commander'
import { Principal } from '@dfinity/principal'
import type { managementTypes } from '@tidemark/bindings'
import { CliError } from '../../output/cliError.ts'
import { parseBytes, parseCycles, parsePercent, parseSeconds } from '../../project/quantities.ts'
import { parseVisibility, type WantedSettings, withoutAbsent } from '../../project/settings.ts'
import { parsePrincipal } from '../../session.ts'
import { collect, parsedBy } from '../options.ts'

export interface SettingsFlags {
  readonly controller?: string[]
  readonly computeAllocation?: bigint
  readonly memoryAllocation?: bigint
  readonly freezingThreshold?: bigint
  readonly reservedCyclesLimit?: bigint
  readonly wasmMemoryLimit?: bigint
  readonly wasmMemoryThreshold?: bigint
  readonly logVisibility?: managementTypes.Visibility
}

export function addSettingsOptions(command: Command): Command {
  return command
    .option('--controller <principal>', 'controller; may be given several times', collect)
    .option('--compute-allocation <percent>', 'guaranteed share of a core', parsedBy('--compute-allocation', parsePercent))
    .option('--memory-allocation <bytes>', 'guaranteed memory, such as 2GiB', parsedBy('--memory-allocation', parseBytes))
    .option('--freezing-threshold <seconds>', 'time that the balance must last for', parsedBy('--freezing-threshold', parseSeconds))
    .option('--reserved-cycles-limit <cycles>', 'most cycles set aside for storage', parsedBy('--reserved-cycles-limit', parseCycles))
    .option('--wasm-memory-limit <bytes>', 'soft limit of the main memory, such as 5000000', parsedBy('--wasm-memory-limit', parseBytes))
    .option(
      '--wasm-memory-threshold <bytes>',
      'free memory below which the low-memory hook runs',
      parsedBy('--wasm-memory-threshold', parseBytes),
    )
    .option('--log-visibility <who>', 'who may read logs: controllers or public', parsedBy('--log-visibility', parseVisibility))
}

/** The settings that the flags ask for. @param known - controllers by name, so that `--controller <canister name>` works */
export function settingsFrom(flags: SettingsFlags, known: readonly (readonly [name: string, id: string])[]): WantedSettings {
  return withoutAbsent({
    controllers: flags.controller?.map((text) => principalFrom(text, known)),
    computeAllocationPercent: flags.computeAllocation,
    memoryAllocationBytes: flags.memoryAllocation,
    freezingThresholdSeconds: flags.freezingThreshold,
    reservedCyclesLimit: flags.reservedCyclesLimit,
    wasmMemoryLimitBytes: flags.wasmMemoryLimit,
    wasmMemoryThresholdBytes: flags.wasmMemoryThreshold,
    logVisibility: flags.logVisibility,
  })
}

/** A principal by its text, or by the name of a canister of the project. @throws CliError when it is neither */
export function principalFrom(text: string, known: readonly (readonly [name: string, id: string])[]): Principal {
  const named = known.find(([name]) => name === text)
  const principal = named === undefined ? parsePrincipal(text) : Principal.fromText(named[1])
  if (principal === undefined) throw new CliError({ what: `"${text}" is neither a principal nor a canister of this project.` })
  return principal
}
