import Types "Types";

/// Separate handlers for the hooks, put together into the one function that `Hooks` takes.
module {
  /// A handler for each hook. Threshold in cycles for `onLowCycles`, in bytes for `onLowHeapMemory`.
  public type Handlers = {
    onLowWasmMemory : () -> async* ();
    postInit : () -> async* ();
    onError : (methodName : Text, args : Blob, error : Types.HookError) -> async* ();
    onLowCycles : (cyclesThreshold : Nat) -> async* ();
    onLowHeapMemory : (heapMemoryThreshold : Nat) -> async* ();
    onOutputQueueFull : () -> async* ();
    onUnfreeze : () -> async* ();
  };

  func nothing() : async* () {};

  /// Handlers that do nothing, to be overridden one by one. Events are recorded all the same.
  ///
  /// Example:
  /// ```motoko
  /// let handlers = { Handlers.none with postInit = seed };
  /// ```
  public let none : Handlers = {
    onLowWasmMemory = nothing;
    postInit = nothing;
    onError = func(_ : Text, _ : Blob, _ : Types.HookError) : async* () {};
    onLowCycles = func(_ : Nat) : async* () {};
    onLowHeapMemory = func(_ : Nat) : async* () {};
    onOutputQueueFull = nothing;
    onUnfreeze = nothing;
  };

  /// One handler that calls the right one of several.
  ///
  /// Example:
  /// ```motoko
  /// Hooks.Hooks<system>(state, Hooks.defaults, Handlers.dispatch(handlers))
  /// ```
  ///
  /// Runtime: O(1), and what the handler takes
  ///
  /// Space: O(1)
  public func dispatch(handlers : Handlers) : Types.Notification -> async* () {
    func(event : Types.Notification) : async* () {
      switch (event) {
        case (#LowWasmMemory) await* handlers.onLowWasmMemory();
        case (#PostInit) await* handlers.postInit();
        case (#Error({ methodName; args; error })) await* handlers.onError(methodName, args, error);
        case (#LowCycles(threshold)) await* handlers.onLowCycles(threshold);
        case (#LowHeapMemory(threshold)) await* handlers.onLowHeapMemory(threshold);
        case (#OutputQueueFull) await* handlers.onOutputQueueFull();
        case (#Unfreeze) await* handlers.onUnfreeze();
      };
    };
  };
};
