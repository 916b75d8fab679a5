/// Hooks as a network with experimental hooks runs them: seeds itself before anybody is served, and keeps what failed.
actor {
  type HookError = { code : Text; reject_code : Nat8; message : Text; backtrace : ?Text };

  transient let management = actor "aaaaa-aa" : actor { raw_rand : () -> async Blob };
  var log = "";
  transient var seed : ?Blob = null;

  /// A local function: its call is one of the canister to itself.
  func fetch() : async Blob { await management.raw_rand() };

  public func canister_post_init() : async () {
    log #= "post_init ";
    seed := ?(await fetch());
    log #= "seeded ";
  };

  public func canister_on_error(methodName : Text, args : Blob, error : HookError) : async () {
    let ?(number) = from_candid (args) : ?Nat else { log #= methodName # " "; return };
    log #= methodName # " " # debug_show (number) # " " # error.code # " ";
  };

  public func canister_on_low_cycles(cyclesThreshold : Nat) : async () {
    log #= "low_cycles " # debug_show (cyclesThreshold) # " ";
  };

  public func serve() : async Bool {
    log #= "serve ";
    seed != null;
  };

  public func failLater(number : Nat) : async () {
    ignore await management.raw_rand();
    assert number == 0;
  };

  public query func get() : async Text { log };
};
