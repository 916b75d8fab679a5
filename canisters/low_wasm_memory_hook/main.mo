import List "mo:core/List";
import Array "mo:core/VarArray";

/// Fills its memory a little with every heartbeat until `canister_on_low_wasm_memory` has run, and remembers the
/// order in which the two ran.
persistent actor {
  type Executed = { #Heartbeat; #OnLowWasmMemory };

  // One heartbeat keeps this many 64-bit numbers for ever.
  transient let numbersPerHeartbeat = 10_000;

  let order = List.empty<Executed>();
  let ballast = List.empty<[var Nat]>();
  var hookHasRun = false;

  system func heartbeat() : async () {
    if (hookHasRun) return;
    List.add(ballast, Array.repeat<Nat>(0, numbersPerHeartbeat));
    List.add(order, #Heartbeat);
  };

  system func lowmemory() : async* () {
    hookHasRun := true;
    List.add(order, #OnLowWasmMemory);
  };

  /// What ran so far, oldest first.
  public query func get_executed_functions_order() : async [Executed] {
    List.toArray(order);
  };
};
