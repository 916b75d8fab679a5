/// The book of a ledger: balances, allowances, blocks. An account is whatever key the ledger gives it, so that the same
/// book serves ICRC-1 accounts and account identifiers.

import Blob "mo:core/Blob";
import List "mo:core/List";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Runtime "mo:core/Runtime";
import Approvals "Approvals";
import Block "Block";
import Recent "Recent";
import Types "Types";

module {
  public type Ledger = {
    balances : Map.Map<Blob, Nat>;
    approvals : Approvals.Approvals;
    recent : Recent.Recent;
    blocks : List.List<Block.Block>;
    var supply : Nat;
    var tip : ?Blob;
  };

  /// What one ledger does otherwise than another.
  public type Rules = {
    /// Of a transfer or an approval, in the smallest unit; it leaves the supply.
    fee : Nat;
    /// What this account sends comes into being, what it gets is gone, both without a fee.
    minter : ?Blob;
    digest : Block.Block -> Blob;
    /// Hears of every block that is written, with its digest.
    written : (index : Nat, digest : Blob) -> ();
  };

  public type TransferRequest = {
    from : Blob;
    to : Blob;
    /// Who moves the tokens by an allowance of `from`.
    spender : ?Blob;
    amount : Nat;
    fee : ?Nat;
    memo : ?Blob;
    number : Nat64;
    createdAt : ?Nat64;
  };

  public type ApproveRequest = {
    from : Blob;
    spender : Blob;
    amount : Nat;
    expectedAllowance : ?Nat;
    expiresAt : ?Nat64;
    fee : ?Nat;
    memo : ?Blob;
    createdAt : ?Nat64;
  };

  public type BurnRequest = { from : Blob; spender : ?Blob; amount : Nat; memo : ?Blob; createdAt : ?Nat64 };

  public type Posted<Error> = { #Ok : Nat; #Err : Error };

  let maxMemoSize = 32;

  public func empty() : Ledger = {
    balances = Map.empty();
    approvals = Approvals.empty();
    recent = Recent.empty();
    blocks = List.empty();
    var supply = 0;
    var tip = null;
  };

  public func balance(ledger : Ledger, account : Blob) : Nat = switch (Map.get(ledger.balances, Blob.compare, account)) {
    case (?amount) amount;
    case null 0;
  };

  /// Moves tokens. From the minter it is a mint, to the minter a burn. Traps when the memo is longer than 32 bytes.
  public func transfer(ledger : Ledger, rules : Rules, now : Nat64, request : TransferRequest) : Posted<Types.TransferFromError> {
    let { from; to; spender; amount; memo; number; createdAt } = request;
    let operation : Block.Operation = if (rules.minter == ?from) {
      if (from == to) Runtime.trap("the minter cannot transfer to itself");
      #Mint { to; amount };
    } else if (rules.minter == ?to) #Burn { from; spender; amount } else #Transfer { from; to; spender; amount };
    let fee = switch operation {
      case (#Transfer _) rules.fee;
      case _ 0;
    };
    switch (request.fee) {
      case (?named) if (named != fee) return #Err(#BadFee { expected_fee = fee });
      case null {};
    };
    switch operation {
      case (#Burn _) {
        let least = Nat.min(rules.fee, balance(ledger, from));
        if (amount < least or amount == 0) return #Err(#BadBurn { min_burn_amount = rules.fee });
      };
      case _ {};
    };
    post(ledger, rules, now, { operation; namedFee = request.fee; memo; number; createdAt }, fee);
  };

  /// Takes tokens and a fee out of being, for what leaves the ledger in another form.
  public func burn(ledger : Ledger, rules : Rules, now : Nat64, request : BurnRequest) : Posted<Types.TransferFromError> {
    let { from; spender; amount; memo; createdAt } = request;
    let operation = #Burn { from; spender; amount };
    post(ledger, rules, now, { operation; namedFee = null; memo; number = 0; createdAt }, rules.fee);
  };

  /// Brings tokens into being, for what came in in another form. Returns the block's index.
  public func mint(ledger : Ledger, rules : Rules, now : Nat64, to : Blob, amount : Nat, memo : ?Blob) : Nat {
    requireMemo(memo);
    let transaction = { operation = #Mint { to; amount }; namedFee = null; memo; number : Nat64 = 0; createdAt = null };
    credit(ledger, to, amount);
    ledger.supply += amount;
    write(ledger, rules, now, transaction, 0);
  };

  /// Allows a spender to move tokens; replaces what was allowed before.
  public func approve(ledger : Ledger, rules : Rules, now : Nat64, request : ApproveRequest) : Posted<Types.ApproveError> {
    let { from; spender; amount; expectedAllowance; expiresAt; memo; createdAt } = request;
    requireMemo(memo);
    let operation = #Approve { from; spender; amount; expectedAllowance; expiresAt };
    let transaction = { operation; namedFee = request.fee; memo; number : Nat64 = 0; createdAt };
    switch (request.fee) {
      case (?named) if (named != rules.fee) return #Err(#BadFee { expected_fee = rules.fee });
      case null {};
    };
    switch (Recent.refusal(ledger.recent, now, transaction)) {
      case (?refusal) return #Err refusal;
      case null {};
    };
    switch expiresAt {
      case (?time) if (time <= now) return #Err(#Expired { ledger_time = now });
      case null {};
    };
    let current = Approvals.get(ledger.approvals, from, spender, now).allowance;
    switch expectedAllowance {
      case (?expected) if (expected != current) return #Err(#AllowanceChanged { current_allowance = current });
      case null {};
    };
    let funds = balance(ledger, from);
    if (funds < rules.fee) return #Err(#InsufficientFunds { balance = funds });
    debit(ledger, from, rules.fee);
    ledger.supply -= rules.fee;
    Approvals.set(ledger.approvals, from, spender, { allowance = amount; expires_at = expiresAt });
    #Ok(write(ledger, rules, now, transaction, rules.fee));
  };

  func post(ledger : Ledger, rules : Rules, now : Nat64, transaction : Block.Transaction, fee : Nat) : Posted<Types.TransferFromError> {
    requireMemo(transaction.memo);
    switch (Recent.refusal(ledger.recent, now, transaction)) {
      case (?refusal) return #Err refusal;
      case null {};
    };
    switch (transaction.operation) {
      case (#Mint { to; amount }) {
        credit(ledger, to, amount);
        ledger.supply += amount;
      };
      case (#Burn { from; spender; amount }) {
        switch (take(ledger, now, from, spender, amount + fee)) {
          case (?error) return #Err error;
          case null ledger.supply -= amount + fee;
        };
      };
      case (#Transfer { from; to; spender; amount }) {
        switch (take(ledger, now, from, spender, amount + fee)) {
          case (?error) return #Err error;
          case null {};
        };
        credit(ledger, to, amount);
        ledger.supply -= fee;
      };
      case (#Approve _) Runtime.unreachable();
    };
    #Ok(write(ledger, rules, now, transaction, fee));
  };

  /// Takes tokens, and their allowance when another spends them; or says why not, with nothing changed.
  func take(ledger : Ledger, now : Nat64, from : Blob, spender : ?Blob, total : Nat) : ?Types.TransferFromError {
    let byAllowance = switch spender {
      case (?other) if (other == from) null else spender;
      case null null;
    };
    switch byAllowance {
      case (?other) {
        let { allowance } = Approvals.get(ledger.approvals, from, other, now);
        if (allowance < total) return ?#InsufficientAllowance { allowance };
      };
      case null {};
    };
    let funds = balance(ledger, from);
    if (funds < total) return ?#InsufficientFunds { balance = funds };
    debit(ledger, from, total);
    switch byAllowance {
      case (?other) Approvals.use(ledger.approvals, from, other, total);
      case null {};
    };
    null;
  };

  func write(ledger : Ledger, rules : Rules, now : Nat64, transaction : Block.Transaction, fee : Nat) : Nat {
    let index = List.size(ledger.blocks);
    let block = { transaction; fee; timestamp = now; parent = ledger.tip };
    List.add(ledger.blocks, block);
    let digest = rules.digest(block);
    ledger.tip := ?digest;
    rules.written(index, digest);
    Recent.remember(ledger.recent, now, transaction, index);
    index;
  };

  func credit(ledger : Ledger, account : Blob, amount : Nat) {
    if (amount > 0) Map.add(ledger.balances, Blob.compare, account, balance(ledger, account) + amount);
  };

  func debit(ledger : Ledger, account : Blob, amount : Nat) {
    let rest = balance(ledger, account) - amount : Nat;
    if (rest == 0) Map.remove(ledger.balances, Blob.compare, account) else Map.add(ledger.balances, Blob.compare, account, rest);
  };

  func requireMemo(memo : ?Blob) = switch memo {
    case (?bytes) if (bytes.size() > maxMemoSize) Runtime.trap("the memo exceeds the maximum of 32 bytes");
    case null {};
  };
};
