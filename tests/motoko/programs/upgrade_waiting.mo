/// Makes a call that is answered only after an upgrade.
actor {
  var log = "";

  public func wait(slow : Text) : async Text {
    log #= "sent ";
    await (actor (slow) : actor { raw_rand : () -> async Blob; wait : () -> async () }).wait();
    log #= "answered ";
    log;
  };

  public query func get() : async Text { log };
};
