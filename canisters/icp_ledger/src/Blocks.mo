/// Blocks in the words of the ledger's first interface.

import Nat64 "mo:core/Nat64";
import Block "mo:ledger/Block";
import Types "Types";

module {
  public func show({ transaction; fee; timestamp; parent } : Block.Block) : Types.Block = {
    parent_hash = parent;
    timestamp = { timestamp_nanos = timestamp };
    transaction = {
      memo = transaction.number;
      icrc1_memo = transaction.memo;
      operation = ?operation(transaction.operation, tokens(fee));
      created_at_time = {
        timestamp_nanos = switch (transaction.createdAt) {
          case (?time) time;
          case null timestamp;
        };
      };
    };
  };

  func operation(operation : Block.Operation, fee : Types.Tokens) : Types.Operation = switch operation {
    case (#Mint { to; amount }) #Mint { to; amount = tokens(amount) };
    case (#Burn { from; spender; amount }) #Burn { from; spender; amount = tokens(amount) };
    case (#Transfer { from; to; spender; amount }) #Transfer { from; to; spender; amount = tokens(amount); fee };
    case (#Approve { from; spender; amount; expectedAllowance; expiresAt }) #Approve {
      from;
      spender;
      allowance_e8s = amount;
      allowance = tokens(amount);
      fee;
      expires_at = switch expiresAt {
        case (?timestamp_nanos) ?{ timestamp_nanos };
        case null null;
      };
      expected_allowance = switch expectedAllowance {
        case (?expected) ?tokens(expected);
        case null null;
      };
    };
  };

  /// An allowance may be more than the ledger's numbers hold; it is shown as their largest.
  func tokens(amount : Nat) : Types.Tokens {
    { e8s = if (amount < 18_446_744_073_709_551_616) Nat64.fromNat(amount) else 18_446_744_073_709_551_615 };
  };
};
