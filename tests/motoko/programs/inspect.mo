import Principal "mo:core/Principal";

/// Decides which ingress messages are taken in.
actor {
  var calls = 0;

  system func inspect({
    caller : Principal;
    arg : Blob;
    msg : {
      #open : () -> ();
      #closed : () -> ();
      #small : () -> Blob;
      #forMembers : () -> ();
      #endless : () -> ();
      #callClosed : () -> Text;
    };
  }) : Bool {
    switch msg {
      case (#open _) true;
      case (#callClosed _) true;
      case (#closed _) false;
      case (#small _) arg.size() < 100;
      case (#forMembers _) not Principal.isAnonymous caller;
      case (#endless _) {
        calls += 1;
        loop {};
      };
    };
  };

  public func open() : async Nat { calls += 1; calls };
  public func closed() : async () {};
  public func small(_data : Blob) : async () {};
  public func forMembers() : async () {};
  public func endless() : async () {};

  public func callClosed(self : Text) : async () { await (actor (self) : actor { closed : () -> async () }).closed() };
};
