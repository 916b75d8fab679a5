import Cycles "mo:core/Cycles";
import Error "mo:core/Error";

/// Sends cycles and sees what comes back.
actor {
  type Bank = actor {
    take : Nat -> async Nat;
    offered : () -> async Nat;
    takeTwice : () -> async (Nat, Nat, Nat);
    takeAndTrap : () -> async ();
    takeAndThrow : () -> async ();
    takeAfterAwait : () -> async Nat;
  };

  public func pay(bank : Text, amount : Nat, limit : Nat) : async (Nat, Nat) {
    let taken = await (with cycles = amount) (actor (bank) : Bank).take limit;
    (taken, Cycles.refunded());
  };

  public func twice(bank : Text) : async Text {
    let taken = await (with cycles = 1_000) (actor (bank) : Bank).takeTwice();
    debug_show (taken, Cycles.refunded());
  };

  public func late(bank : Text) : async (Nat, Nat) {
    let taken = await (with cycles = 5_000) (actor (bank) : Bank).takeAfterAwait();
    (taken, Cycles.refunded());
  };

  public func failing(bank : Text, trap : Bool) : async Text {
    let peer = actor (bank) : Bank;
    try { await (with cycles = 7_000) (if trap peer.takeAndTrap else peer.takeAndThrow)() } catch e {
      return if trap "trap" else Error.message e;
    };
    "no error";
  };

  public func none(bank : Text) : async Nat { await (actor (bank) : Bank).offered() };

  public func parenthetical(bank : Text) : async (Nat, Nat) {
    // The attribute holds for one call only.
    let a = await (with cycles = 250) (actor (bank) : Bank).offered();
    let b = await (actor (bank) : Bank).offered();
    (a, b);
  };

  public func tooMuch(bank : Text) : async Nat {
    await (with cycles = Cycles.balance() * 2) (actor (bank) : Bank).take 1;
  };

  public func burn(amount : Nat) : async Nat { Cycles.burn<system> amount };

  public query func balance() : async Nat { Cycles.balance() };
};
