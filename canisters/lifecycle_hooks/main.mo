import Array "mo:core/VarArray";
import Cycles "mo:core/Cycles";
import List "mo:core/List";
import Nat "mo:core/Nat";
import Queue "mo:core/Queue";
import Random "mo:core/Random";
import Runtime "mo:core/Runtime";
import Handlers "mo:hooks/Handlers";
import Hooks "mo:hooks/Hooks";
import HookTypes "mo:hooks/Types";
import Inspection "mo:hooks/Inspection";
import Lifecycle "mo:hooks/Lifecycle";
import Runs "mo:hooks/Runs";
import State "mo:hooks/State";
import { type Init } "Init";

/// Every lifecycle hook, each run recorded, and a method to provoke each.
persistent actor class LifecycleHooks(init : ?Init) {
  let hooksState = State.empty();
  var seed : Nat64 = 0;
  var rolls : Nat64 = 0;
  // The hook whose handler traps; `nothing` mends the trapping methods, so that they can be sent again.
  var failing = "";
  let ballast = List.empty<[var Nat]>();
  let begun = Queue.empty<Text>();

  // The first step of every handler.
  func begin(hook : Text) {
    if (failing == hook) Runtime.trap(hook # " was told to fail");
    Queue.pushBack(begun, hook);
    if (Queue.size(begun) > Runs.kept) ignore Queue.popFront(begun);
  };

  transient let given : Init = switch (init) {
    case (?record) record;
    case null ({ gate_seconds = null; cycles_threshold = null; heap_memory_threshold = null; output_queue_capacity = null; monitors = null });
  };
  transient let handlers = {
    Handlers.none with
    postInit = func() : async* () {
      begin("canister_post_init");
      seed := await* Random.crypto().nat64();
    };
    onLowWasmMemory = func() : async* () { begin("canister_on_low_wasm_memory") };
    onLowCycles = func(_ : Nat) : async* () { begin("canister_on_low_cycles") };
    onLowHeapMemory = func(_ : Nat) : async* () { begin("canister_on_low_heap_memory") };
    onError = func(_ : Text, _ : Blob, _ : HookTypes.HookError) : async* () { begin("canister_on_error") };
    onOutputQueueFull = func() : async* () { begin("canister_on_output_queue_full") };
    onUnfreeze = func() : async* () { begin("canister_on_unfreeze") };
  };
  transient let hooks = Hooks.Hooks<system>(
    hooksState,
    {
      gate = switch (given.gate_seconds) { case (?limitSeconds) #gated({ limitSeconds }); case null #plain };
      thresholds = { cycles = given.cycles_threshold; heapMemory = given.heap_memory_threshold };
      outputQueueCapacity = switch (given.output_queue_capacity) { case (?capacity) capacity; case null 500 };
    },
    Handlers.dispatch(handlers),
  );
  switch (given.monitors) { case (?monitors) hooks.setMonitors(monitors); case null {} };

  include Lifecycle(hooks);
  include Inspection(hooks, hooksState);

  system func lowmemory() : async* () { await* hooks.lowWasmMemory() };

  system func inspect({ caller = _ : Principal }) : Bool { hooks.admits() };

  /// All runs, oldest first.
  public query func runs() : async [HookTypes.Run] { Runs.list(hooksState) };

  /// The hooks in the order in which their handlers began; those that trapped left nothing.
  public query func order() : async [Text] { Queue.toArray(begun) };

  /// The seed that post-init fetched, and how often the dice were rolled.
  public query func dice() : async { seed : Nat64; rolls : Nat64 } { { seed; rolls } };

  /// Rolls the dice, once they are seeded.
  public func roll() : async Nat64 {
    var result : Nat64 = 0;
    await* hooks.guarded("roll", to_candid (), func() : async* () { rolls += 1; result := seed +% rolls });
    result;
  };

  /// Lets the handler of a hook trap from now on; an empty text ends that.
  public func fail_hook(hook : Text) : async () { failing := hook };

  /// Burns cycles. Returns how many.
  public func burn_cycles(amount : Nat) : async Nat {
    var burned = 0;
    await* hooks.guarded("burn_cycles", to_candid (amount), func() : async* () { burned := Cycles.burn<system>(amount) });
    burned;
  };

  /// Fills the heap with about so many bytes more, for ever.
  public func grow_heap(bytes : Nat) : async () {
    await* hooks.guarded("grow_heap", to_candid (bytes), func() : async* () { List.add(ballast, Array.repeat<Nat>(0, bytes / 8)) });
  };

  /// Traps before its first await. What it did is rolled back.
  public func trap_before_await(reason : Text) : async () {
    await* hooks.guarded("trap_before_await", to_candid (reason), func() : async* () { rolls += 1; if (failing != "nothing") Runtime.trap(reason) });
  };

  /// Traps after an await. What it did before the await stays.
  public func trap_after_await(reason : Text) : async () {
    await* hooks.guarded(
      "trap_after_await",
      to_candid (reason),
      func() : async* () {
        rolls += 1;
        ignore await Random.blob();
        if (failing != "nothing") Runtime.trap(reason);
      },
    );
  };

  /// Makes so many outgoing calls at once, each of which waits for room when `paced`. Returns when all have returned.
  public func fill_output_queue(calls : Nat, paced : Bool) : async () {
    let underWay = List.empty<async ()>();
    let call = func() : async* () { ignore await Random.blob() };
    for (_ in Nat.range(0, calls)) {
      List.add(underWay, (async { if (paced) await* hooks.paced(call) else await* call() }));
    };
    for (each in List.values(underWay)) await each;
  };
};
