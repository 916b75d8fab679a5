/// One-way functions: the caller does not wait, and does not hear of a trap.
actor {
  var heard = "";

  public func hear(word : Text) : () { heard #= word # " " };

  public func hearAndTrap(word : Text) : () {
    heard #= word;
    assert false;
  };

  public func tell(other : Text) : async Text {
    let peer = actor (other) : actor { hear : Text -> (); hearAndTrap : Text -> () };
    peer.hear "one";
    peer.hearAndTrap "bad";
    peer.hear "two";
    "told";
  };

  public query func all() : async Text { heard };
};
