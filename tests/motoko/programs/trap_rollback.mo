/// A trap undoes what its message did, back to the last await.
actor {
  var log = "";

  public func beforeAwait() : async () {
    log #= "lost ";
    assert false;
    await async {};
  };

  public func afterAwait() : async () {
    log #= "kept ";
    await async { log #= "inner " };
    log #= "lost ";
    assert false;
  };

  public func afterTwoAwaits() : async () {
    log #= "1 ";
    await async {};
    log #= "2 ";
    await async {};
    log #= "3 ";
    assert false;
  };

  public func callThenTrap(other : Text) : async () {
    ignore (actor (other) : actor { note : () -> async () }).note();
    assert false;
  };

  public func note() : async () { log #= "noted " };

  public func insideHelper() : async Text {
    log #= "outer ";
    try { await async { log #= "lost "; assert false } } catch _ { log #= "caught " };
    log;
  };

  public query func get() : async Text { log };
};
