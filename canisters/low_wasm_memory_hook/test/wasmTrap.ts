/** The canister called `ic0.trap`. */
export class WasmTrap extends Error {
  override readonly name = 'WasmTrap'
}
