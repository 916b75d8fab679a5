/// `await*` runs in the same message; only an `await` inside it ends the message.
actor {
  var commits = 0;

  func inline(n : Nat) : async* Nat { n * 2 };

  func suspending(n : Nat) : async* Nat {
    commits += 1;
    await async { commits += 1 };
    n * 3;
  };

  public func inlined() : async Nat { (await* inline(4)) + (await* inline(5)) };

  public func suspended() : async Nat { (await* suspending(2)) + (await* inline(1)) };

  public func nested() : async Nat {
    func outer(n : Nat) : async* Nat { (await* suspending(n)) + (await* suspending(n + 1)) };
    await* outer(1);
  };

  public query func committed() : async Nat { commits };
};
