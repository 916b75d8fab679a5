import Error "mo:core/Error";

/// `finally` runs after success, after a throw, and as cleanup after a trap.
actor {
  var log = "";
  var locked = false;

  public func noop() : async () {};

  public func reject() : async () { throw Error.reject "no" };

  public func succeed() : async () {
    try { log #= "try "; await noop() } finally { log #= "finally " };
    log #= "after ";
  };

  public func throwing() : async () {
    try { await reject() } catch _ { log #= "catch " } finally { log #= "finally " };
  };

  public func escaping() : async () {
    try { await reject() } finally { log #= "finally " };
    log #= "unreachable ";
  };

  public func trapAfterAwait() : async () {
    locked := true;
    try {
      await noop();
      log #= "lost ";
      assert false;
    } finally {
      log #= "cleanup ";
      locked := false;
    };
  };

  public func trapWithoutFinally() : async () {
    locked := true;
    await noop();
    log #= "lost ";
    assert false;
    locked := false;
  };

  public query func state() : async Text { log # (if locked "locked" else "free") };
};
