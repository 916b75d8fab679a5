/// A cycles ledger for local networks: cycles as a token, canisters created and filled from it, at the id and with the
/// interface that clients know from mainnet.

import CertifiedData "mo:core/CertifiedData";
import Cycles "mo:core/Cycles";
import Int "mo:core/Int";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Account "mo:ledger/Account";
import Block "mo:ledger/Block";
import Icrc3 "mo:ledger/Icrc3";
import IcrcApi "mo:ledger/IcrcApi";
import Ledger "mo:ledger/Ledger";
import Token "mo:ledger/Token";
import BlocksApi "BlocksApi";
import CreationApi "CreationApi";
import Tip "Tip";
import Types "Types";
import WithdrawalApi "WithdrawalApi";

shared actor class CyclesLedger(args : Types.LedgerArgs) {
  let ledger = Ledger.empty();
  /// Canisters that were created, by the block that paid for them.
  let created : Types.Created = Map.empty();

  transient let fee = 100_000_000;
  transient let rules : Ledger.Rules = {
    fee;
    minter = null;
    digest = func(block : Block.Block) : Blob = Icrc3.digest(Icrc3.fromBlock(block));
    written = func(index : Nat, digest : Blob) = CertifiedData.set(Tip.digest(index, digest));
  };
  transient let token : Token.Token = {
    name = "Trillion Cycles";
    symbol = "TCYCLES";
    decimals = 12;
    mintingAccount = null;
    more = [Token.standard("3"), Token.standard("103")];
  };

  switch args {
    case (#Init { initial_balances = ?balances }) {
      let now = Nat64.fromNat(Int.abs(Time.now()));
      for ((account, amount) in balances.vals()) ignore Ledger.mint(ledger, rules, now, Account.key(account), amount, null);
    };
    case _ {};
  };

  include IcrcApi(ledger, rules, token, Account.key);
  include BlocksApi(ledger);
  include WithdrawalApi(ledger, rules);
  include CreationApi(ledger, rules, created);

  /// Turns the cycles that come with the call into a balance, less the fee.
  public shared func deposit({ to; memo } : { to : Account.Account; memo : ?Blob }) : async { balance : Nat; block_index : Nat } {
    let amount = Cycles.accept<system>(Cycles.available());
    if (amount <= fee) {
      Runtime.trap("deposited " # Nat.toText(amount) # " cycles; the ledger takes a fee of " # Nat.toText(fee) # " and needs more than that");
    };
    let key = Account.key(to);
    let now = Nat64.fromNat(Int.abs(Time.now()));
    let block_index = Ledger.mint(ledger, rules, now, key, amount - fee, memo);
    { balance = Ledger.balance(ledger, key); block_index };
  };
};
