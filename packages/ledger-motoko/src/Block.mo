/// What a ledger writes down for each transaction. Accounts stand as keys; amounts in the ledger's smallest unit.

module {
  public type Operation = {
    #Mint : { to : Blob; amount : Nat };
    #Burn : { from : Blob; spender : ?Blob; amount : Nat };
    #Transfer : { from : Blob; to : Blob; spender : ?Blob; amount : Nat };
    #Approve : { from : Blob; spender : Blob; amount : Nat; expectedAllowance : ?Nat; expiresAt : ?Nat64 };
  };

  /// What the caller asked for.
  public type Transaction = {
    operation : Operation;
    /// The fee that the caller named.
    namedFee : ?Nat;
    memo : ?Blob;
    /// The number by which the first ledger told transactions apart.
    number : Nat64;
    /// Nanoseconds since 1970.
    createdAt : ?Nat64;
  };

  public type Block = {
    transaction : Transaction;
    /// The fee that was charged.
    fee : Nat;
    /// Nanoseconds since 1970.
    timestamp : Nat64;
    /// Digest of the block before this one.
    parent : ?Blob;
  };
};
