/// What the lifecycle hooks take and what is remembered of them. Field names are those of the Candid interface.
module {
  /// How an execution ended that was not caught: code and reject code of the protocol, the text, and a backtrace
  /// where the network gives one.
  public type HookError = {
    code : Text;
    reject_code : Nat8;
    message : Text;
    backtrace : ?Text;
  };

  /// A failed execution: the method, its Candid argument, and the error.
  public type FailedCall = { methodName : Text; args : Blob; error : HookError };

  /// One event, for those who want a single handler for all hooks. It is the argument of `canister_system_notification`.
  public type Notification = {
    #LowWasmMemory;
    #PostInit;
    #Error : FailedCall;
    #LowCycles : Nat;
    #LowHeapMemory : Nat;
    #OutputQueueFull;
    #Unfreeze;
  };

  /// How a monitor marks a delivery: the same number means the same event, delivered again.
  public type Delivery = { number : Nat64 };

  /// What became of an event.
  public type Outcome = {
    #pending;
    #running;
    #ran;
    #trapped : Text;
    #skipped : Text;
  };

  /// One event of a hook: its number, which is never used again, what it found, and what became of it.
  /// Time in nanoseconds since 1970, memory in bytes of Wasm heap, balance in cycles.
  public type Run = {
    number : Nat64;
    hook : Text;
    time_nanos : Nat64;
    memory_bytes : Nat;
    balance_cycles : Nat;
    delivery : ?{ sender : Principal; number : Nat64 };
    outcome : Outcome;
  };

  /// How a captured call fared when it was sent again.
  public type Redriven = { #replied : Blob; #rejected : Text };

  /// A captured error that can be sent again.
  public type CapturedError = {
    number : Nat64;
    time_nanos : Nat64;
    call : FailedCall;
    attempts : Nat;
    last : ?Redriven;
  };

  /// When the canister itself judges its balance (cycles) and its heap (bytes); null leaves a hook to the monitor.
  public type Thresholds = { cycles : ?Nat; heapMemory : ?Nat };

  /// Whether the methods that ask for it wait until post-init has begun (`#plain`), or until its calls have returned or
  /// this many seconds have passed (`#gated`).
  public type Gate = { #plain; #gated : { limitSeconds : Nat } };
};
