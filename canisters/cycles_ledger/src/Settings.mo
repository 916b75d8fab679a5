/// Settings of a canister to create.

import Principal "mo:core/Principal";
import Types "Types";

module {
  let none : Types.CanisterSettings = {
    controllers = null;
    compute_allocation = null;
    memory_allocation = null;
    freezing_threshold = null;
    reserved_cycles_limit = null;
    wasm_memory_limit = null;
    wasm_memory_threshold = null;
    log_memory_limit = null;
    log_visibility = null;
    snapshot_visibility = null;
    status_visibility = null;
    environment_variables = null;
    minimum_incoming_canister_call_cycles = null;
  };

  /// The settings, with `controller` as the only controller where no controllers are named.
  public func withController(asked : ?Types.CanisterSettings, controller : Principal) : Types.CanisterSettings {
    let given = switch asked {
      case (?some) some;
      case null none;
    };
    let controllers = switch (given.controllers) {
      case (?named) ?named;
      case null ?[controller];
    };
    { given with controllers };
  };
};
