import VarArray "mo:core/VarArray";

/// The hook that runs when little memory is left before the limit.
actor {
  var block : [var Nat] = [var];
  var log = "";

  system func lowmemory() : async* () {
    log #= "low ";
    await async { log #= "helped " };
    log #= "done ";
  };

  /// Eight bytes an element.
  public func grow(elements : Nat) : async () { block := VarArray.repeat(1, elements) };

  public query func get() : async Text { log };
};
