import Debug "mo:core/Debug";

/// Prints, also right before a trap.
actor {
  Debug.print "installed";

  public func print(text : Text) : async () { Debug.print text };

  public func printAndTrap(text : Text) : async () {
    Debug.print text;
    assert false;
  };

  public func around() : async () {
    Debug.print "before";
    await async { Debug.print "inside" };
    Debug.print "after";
  };

  public query func printInQuery() : async () { Debug.print "unheard" };

  public func values() : async () { Debug.print(debug_show { a = 1; b = ?"x"; c = [var 1, 2]; d = #tag }) };
};
