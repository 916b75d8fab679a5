import Runtime "mo:core/Runtime";
import WeakReference "mo:core/WeakReference";

/// Weak references show what the collector keeps.
actor {
  type Box = { var value : Nat };
  var strong : ?Box = ?{ var value = 1 };
  var weakBox : ?WeakReference.WeakReference<Box> = null;

  public func remember() : async () {
    let ?box = strong else Runtime.trap "no box";
    weakBox := ?WeakReference.allocate<Box>(box);
  };

  public func forget() : async () { strong := null };

  public query func alive() : async Bool {
    switch weakBox { case (?w) WeakReference.isLive(w); case null false };
  };
};
