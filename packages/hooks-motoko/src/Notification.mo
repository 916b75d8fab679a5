import Types "Types";

/// Names, order and arguments of the events.
module {
  public type Notification = Types.Notification;

  /// The method of a hook.
  ///
  /// Example:
  /// ```motoko
  /// assert Notification.name(#LowCycles(5)) == "canister_on_low_cycles";
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func name(event : Notification) : Text = switch (event) {
    case (#LowWasmMemory) "canister_on_low_wasm_memory";
    case (#PostInit) "canister_post_init";
    case (#Error(_)) "canister_on_error";
    case (#LowCycles(_)) "canister_on_low_cycles";
    case (#LowHeapMemory(_)) "canister_on_low_heap_memory";
    case (#OutputQueueFull) "canister_on_output_queue_full";
    case (#Unfreeze) "canister_on_unfreeze";
  };

  /// Place of an event among those that are due at once: the lowest runs first.
  ///
  /// Example:
  /// ```motoko
  /// assert Notification.rank(#PostInit) < Notification.rank(#Unfreeze);
  /// ```
  ///
  /// Runtime: O(1)
  ///
  /// Space: O(1)
  public func rank(event : Notification) : Nat64 = switch (event) {
    case (#LowWasmMemory) 0;
    case (#PostInit) 1;
    case (#Error(_)) 2;
    case (#LowCycles(_)) 3;
    case (#LowHeapMemory(_)) 4;
    case (#OutputQueueFull) 5;
    case (#Unfreeze) 6;
  };

  /// The Candid argument that the method of the hook gets.
  ///
  /// Example:
  /// ```motoko
  /// assert (from_candid (Notification.arguments(#LowCycles(5))) : ?Nat) == ?5;
  /// ```
  ///
  /// Runtime: O(size of the argument)
  ///
  /// Space: O(size of the argument)
  public func arguments(event : Notification) : Blob = switch (event) {
    case (#Error({ methodName; args; error })) to_candid (methodName, args, error);
    case (#LowCycles(threshold)) to_candid (threshold);
    case (#LowHeapMemory(threshold)) to_candid (threshold);
    case (_) to_candid ();
  };
};
