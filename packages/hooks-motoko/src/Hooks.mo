import Array "mo:core/Array";
import Cycles "mo:core/Cycles";
import Error "mo:core/Error";
import List "mo:core/List";
import Prim "mo:prim";
import Principal "mo:core/Principal";
import Time "mo:core/Time";
import Timer "mo:core/Timer";
import Crossing "Crossing";
import DeadLetters "DeadLetters";
import Errors "Errors";
import Notification "Notification";
import Pacer "Pacer";
import Rounds "Rounds";
import Runs "Runs";
import { type State } "State";
import Types "Types";

/// Lifecycle hooks on any network: native where the network calls them, otherwise raised by this library and a monitor.
module {
  /// How the hooks of a canister behave.
  public type Options = {
    gate : Types.Gate;
    /// What the canister judges by itself after each guarded method.
    thresholds : Types.Thresholds;
    /// Calls under way above which a paced call waits. Networks of today hold 500 towards one canister.
    outputQueueCapacity : Nat;
  };

  /// A plain gate, no thresholds of its own, and the network's capacity of the output queue.
  public let defaults : Options = {
    gate = #plain;
    thresholds = { cycles = null; heapMemory = null };
    outputQueueCapacity = 500;
  };

  // As the network bounds it.
  let maxWaitingErrors = 16;
  let told : Types.Outcome = #skipped("this crossing has been told");

  /// The hooks of one canister. To be created in the actor's body, as a transient field: that is how it learns that new
  /// code is in place. `handle` gets every event; see `Handlers` for separate handlers.
  ///
  /// Example:
  /// ```motoko
  /// persistent actor {
  ///   let hooksState = State.empty();
  ///   func seed() : async* () {};
  ///   transient let hooks = Hooks.Hooks<system>(hooksState, Hooks.defaults, Handlers.dispatch({ Handlers.none with postInit = seed }));
  ///   include Lifecycle(hooks);
  /// }
  /// ```
  public class Hooks<system>(state : State, options : Options, handle : Types.Notification -> async* ()) {
    let network = Principal.fromText("aaaaa-aa");
    let self = Prim.getSelfPrincipal<system>();
    let installedNanos = Time.now();
    // Set by the first call of the network itself. Transient: the option may be gone at the next installation.
    var isNative = false;

    Runs.interrupt(state);
    Runs.skip(state, "canister_post_init", "newer code was installed");
    let postInit = Runs.raise(state, #PostInit, null);

    let pacer = Pacer.Pacer(
      options.outputQueueCapacity,
      func(size) {
        switch (Crossing.outputQueue({ armed = state.outputQueueArmed; size; capacity = options.outputQueueCapacity })) {
          case (#crossed) { state.outputQueueArmed := false; if (not isNative) ignore Runs.raise(state, #OutputQueueFull, null) };
          case (#rearmed) state.outputQueueArmed := true;
          case (#unchanged) {};
        };
      },
    );

    // A timer outlives a stop, and a full queue, which a call of the canister to itself does not.
    func soon<system>() = ignore Timer.setTimer<system>(#seconds 0, func() : async () { await* drain() });

    /// Runs a method's work so that its trap is caught: the work is rolled back, the error is kept with the method's
    /// arguments, `canister_on_error` is told, and the caller gets a reject. Waits for the gate first. Where the network has
    /// hooks of its own, it tells of the trap, and the work runs as it is.
    ///
    /// Example:
    /// ```motoko
    /// public func pay(amount : Nat) : async () {
    ///   await* hooks.guarded("pay", to_candid (amount), func() : async* () { balance -= amount });
    /// };
    /// ```
    ///
    /// Runtime: O(log(events)) beside the work; one call of the canister to itself
    ///
    /// Space: O(size of the arguments) when it fails
    public func guarded(methodName : Text, args : Blob, work : () -> async* ()) : async* () {
      await* open();
      if (isNative) return await* work();
      try { await (async { await* work() }) } catch (error) {
        capture({ methodName; args; error = Errors.describe(error) });
        check();
        soon<system>();
        throw error;
      };
      check();
      if (Runs.next(state) != null) soon<system>();
    };

    /// Whether the gate is open: post-init has begun, or, when gated, has ended or taken longer than its limit.
    ///
    /// Example:
    /// ```motoko
    /// public query func ready() : async Bool { hooks.isOpen() };
    /// ```
    ///
    /// Runtime: O(log(events))
    ///
    /// Space: O(1)
    public func isOpen() : Bool = switch (Runs.outcome(state, postInit), options.gate) {
      case (?#pending, #plain) false;
      case (?(#pending or #running), #gated({ limitSeconds })) Time.now() - installedNanos >= limitSeconds * 1_000_000_000;
      case (_) true;
    };

    /// For `inspect_message`: whether messages from outside are let in. A plain gate lets all in; a gated one those that come
    /// once it is open. Inter-canister calls are not asked: `open` and `guarded` make them wait.
    ///
    /// Example:
    /// ```motoko
    /// system func inspect({ caller = _ : Principal }) : Bool { hooks.admits() };
    /// ```
    ///
    /// Runtime: O(log(events))
    ///
    /// Space: O(1)
    public func admits() : Bool = options.gate == #plain or isOpen();

    /// Waits until the gate is open. While it waits, it costs a call to the network per round.
    ///
    /// Example:
    /// ```motoko
    /// public func roll() : async Nat { await* hooks.open(); dice };
    /// ```
    ///
    /// Runtime: O(rounds) of waiting
    ///
    /// Space: O(1)
    public func open() : async* () {
      if (isOpen()) return;
      ignore (async { await* drain() });
      await async {};
      while (not isOpen()) await* Rounds.pass();
    };

    /// Takes a call of a hook method. Refused with a reject unless it comes from the network, the canister itself or one of
    /// its monitors. A delivery number that was seen before does not run again, unless that run trapped. The caller gets a
    /// reject when the handler trapped.
    ///
    /// Example:
    /// ```motoko
    /// public shared ({ caller }) func canister_on_unfreeze() : async () { await* hooks.receive(caller, #Unfreeze, null) };
    /// ```
    ///
    /// Runtime: O(events), and the handler
    ///
    /// Space: O(size of the event)
    public func receive(caller : Principal, event : Types.Notification, delivery : ?Types.Delivery) : async* () {
      if (not mayCall(caller)) {
        throw Error.reject("Only the network, this canister and its monitor may call " # Notification.name(event) # ".");
      };
      if (caller == network) {
        isNative := true;
        return await* run(numberOf(event, null), event);
      };
      let mark = switch (delivery) {
        case (?{ number }) ?{ sender = caller; number };
        case null null;
      };
      let number = switch (earlier(mark)) {
        case (?{ number; outcome = #pending or #running }) number;
        case (?{ outcome = #ran or #skipped(_) }) return;
        case (_) numberOf(event, mark);
      };
      await* drain();
      await* settle(number);
    };

    /// To be called by `system func lowmemory`: runs the handler as the event `#LowWasmMemory`.
    ///
    /// Example:
    /// ```motoko
    /// system func lowmemory() : async* () { await* hooks.lowWasmMemory() };
    /// ```
    ///
    /// Runtime: O(log(events)), and the handler
    ///
    /// Space: O(1)
    public func lowWasmMemory() : async* () {
      await* run(Runs.raise(state, #LowWasmMemory, null), #LowWasmMemory);
      check();
      await* drain();
    };

    /// Judges the thresholds of the options, as every guarded method does when it ends. What is due runs with the next
    /// guarded method, or with `drain`.
    ///
    /// Example:
    /// ```motoko
    /// hooks.check();
    /// ```
    ///
    /// Runtime: O(log(events))
    ///
    /// Space: O(1)
    public func check() {
      if (isNative) return;
      switch (options.thresholds.cycles) {
        case (?threshold) switch (Crossing.lowCycles({ armed = state.lowCyclesArmed; balance = Cycles.balance(); threshold })) {
          case (#crossed) ignore numberOf(#LowCycles(threshold), null);
          case (#rearmed) {
            state.lowCyclesArmed := true;
            Runs.skip(state, "canister_on_low_cycles", "the balance has risen above the threshold");
          };
          case (#unchanged) {};
        };
        case null {};
      };
      switch (options.thresholds.heapMemory) {
        case (?threshold) switch (Crossing.lowHeapMemory({ armed = state.lowHeapMemoryArmed; heap = Prim.rts_memory_size(); threshold })) {
          case (#crossed) ignore numberOf(#LowHeapMemory(threshold), null);
          case (#rearmed) {
            state.lowHeapMemoryArmed := true;
            Runs.skip(state, "canister_on_low_heap_memory", "the heap is below the threshold again");
          };
          case (#unchanged) {};
        };
        case null {};
      };
    };

    /// Runs what is due, in the order of `Notification.rank`.
    ///
    /// Example:
    /// ```motoko
    /// await* hooks.drain();
    /// ```
    ///
    /// Runtime: O(events due), and their handlers
    ///
    /// Space: O(1)
    public func drain() : async* () {
      loop switch (Runs.next(state)) {
        case (?(number, event)) await* run(number, event);
        case null return;
      };
    };

    /// Makes an outgoing call once there is room for it. When there is none, `canister_on_output_queue_full` is due: once,
    /// until a tenth of the room is free again.
    ///
    /// Example:
    /// ```motoko
    /// await* hooks.paced(func() : async* () { await ledger.notify() });
    /// ```
    ///
    /// Runtime: O(rounds) of waiting
    ///
    /// Space: O(1)
    public func paced(call : () -> async* ()) : async* () {
      await* pacer.call(
        func() : async* () {
          if (Runs.next(state) != null) soon<system>();
          await* call();
        }
      );
    };

    /// Outgoing calls under way, as far as they were made through `paced`.
    ///
    /// Example:
    /// ```motoko
    /// if (hooks.outputQueueSize() > 400) return;
    /// ```
    ///
    /// Runtime: O(1)
    ///
    /// Space: O(1)
    public func outputQueueSize() : Nat = pacer.size();

    /// Makes captured calls again, one after the other, and tells how each fared; null for a number that is not kept.
    ///
    /// Example:
    /// ```motoko
    /// let outcomes = await* hooks.redrive([3, 4]);
    /// ```
    ///
    /// Runtime: O(numbers), and the calls
    ///
    /// Space: O(size of the replies)
    public func redrive(numbers : [Nat64]) : async* [(Nat64, ?Types.Redriven)] {
      let outcomes = List.empty<(Nat64, ?Types.Redriven)>();
      for (number in numbers.vals()) List.add(outcomes, (number, await* DeadLetters.redrive(state, self, number)));
      List.toArray(outcomes);
    };

    /// Whether a caller may call the hooks.
    ///
    /// Example:
    /// ```motoko
    /// assert not hooks.mayCall(Principal.anonymous());
    /// ```
    ///
    /// Runtime: O(monitors)
    ///
    /// Space: O(1)
    public func mayCall(caller : Principal) : Bool {
      caller == network or caller == self or Array.indexOf<Principal>(state.monitors, Principal.equal, caller) != null;
    };

    /// Names the monitors. For the canister to decide who may do so.
    ///
    /// Example:
    /// ```motoko
    /// hooks.setMonitors([monitor]);
    /// ```
    ///
    /// Runtime: O(1)
    ///
    /// Space: O(monitors)
    public func setMonitors(monitors : [Principal]) = state.monitors := monitors;

    func run(number : Nat64, event : Types.Notification) : async* () {
      Runs.begin(state, number);
      // A trap is then the network's to roll back and to tell.
      if (isNative) {
        await* handle(event);
        return Runs.end(state, number, #ran);
      };
      try {
        await (async { await* handle(event) });
        Runs.end(state, number, #ran);
      } catch (error) {
        let described = Errors.describe(error);
        Runs.end(state, number, #trapped(described.message));
        switch (event) {
          case (#Error(_)) {};
          case (_) capture({ methodName = Notification.name(event); args = Notification.arguments(event); error = described });
        };
      };
    };

    func settle(number : Nat64) : async* () {
      loop switch (Runs.outcome(state, number)) {
        case (?(#pending or #running)) await* Rounds.pass();
        case (?#trapped(message)) throw Error.reject(message);
        case (_) return;
      };
    };

    func capture(call : Types.FailedCall) {
      if (Runs.waiting(state, "canister_on_error") >= maxWaitingErrors) { state.droppedErrors += 1 } else {
        ignore numberOf(#Error(call), null);
      };
    };

    func earlier(mark : ?{ sender : Principal; number : Nat64 }) : ?Types.Run = switch (mark) {
      case (?known) Runs.delivered(state, known);
      case null null;
    };

    /// The event's number. An event that was told already gets one, too, and is skipped.
    func numberOf(event : Types.Notification, mark : ?{ sender : Principal; number : Nat64 }) : Nat64 {
      if (event == #PostInit and Runs.outcome(state, postInit) == ?#pending) return postInit;
      let number = Runs.raise(state, event, mark);
      switch (event) {
        case (#PostInit) Runs.end(state, number, #skipped("it has run for this code"));
        case (#Error(call)) DeadLetters.keep(state, number, call);
        case (#LowCycles(_)) {
          if (not isNative and options.thresholds.cycles != null and not state.lowCyclesArmed) Runs.end(state, number, told);
          state.lowCyclesArmed := false;
        };
        case (#LowHeapMemory(_)) {
          if (not isNative and options.thresholds.heapMemory != null and not state.lowHeapMemoryArmed) Runs.end(state, number, told);
          state.lowHeapMemoryArmed := false;
        };
        case (_) {};
      };
      number;
    };

    soon<system>();
  };
};
