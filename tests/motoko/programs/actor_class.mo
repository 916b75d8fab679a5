/// Takes an argument when it is installed; what it makes of it is kept or not.
persistent actor class (initial : Nat) {
  let first = initial;
  transient let latest = initial;

  public query func get() : async (Nat, Nat) { (first, latest) };
};
