import Handlers "mo:hooks/Handlers";
import Hooks "mo:hooks/Hooks";
import Inspection "mo:hooks/Inspection";
import Lifecycle "mo:hooks/Lifecycle";
import State "mo:hooks/State";

/// A shop that restocks when it starts, and keeps what failed.
persistent actor {
  let hooksState = State.empty();
  var stock = 0;
  transient let hooks = Hooks.Hooks<system>(
    hooksState,
    Hooks.defaults,
    // Calls are allowed in a handler.
    Handlers.dispatch({ Handlers.none with postInit = func() : async* () { stock := 10 } }),
  );
  include Lifecycle(hooks);
  include Inspection(hooks, hooksState);

  system func lowmemory() : async* () { await* hooks.lowWasmMemory() };
  system func inspect({ caller = _ : Principal }) : Bool { hooks.admits() };

  public func sell(amount : Nat) : async () {
    await* hooks.guarded("sell", to_candid (amount), func() : async* () { stock -= amount });
  };
};
