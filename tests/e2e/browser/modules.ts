/** The modules as the page's server has them. */
import { type ModuleName, moduleNames, type Modules } from './scenario.ts'

export async function loadModules(): Promise<Modules> {
  const load = async (name: ModuleName): Promise<[ModuleName, Uint8Array]> => [
    name,
    new Uint8Array(await (await fetch(`/modules/${name}`)).arrayBuffer()),
  ]
  return Object.fromEntries(await Promise.all(moduleNames.map(load))) as Modules
}
