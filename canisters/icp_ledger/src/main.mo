/// An ICP ledger for local networks, at the id and with the interface that clients know from mainnet.

import Nat64 "mo:core/Nat64";
import Option "mo:core/Option";
import Int "mo:core/Int";
import Principal "mo:core/Principal";
import Time "mo:core/Time";
import Account "mo:ledger/Account";
import Block "mo:ledger/Block";
import IcrcApi "mo:ledger/IcrcApi";
import Ledger "mo:ledger/Ledger";
import Token "mo:ledger/Token";
import Sha256 "mo:certification/Sha256";
import AccountIdentifier "AccountIdentifier";
import BlocksApi "BlocksApi";
import TransferApi "TransferApi";
import Types "Types";

shared actor class IcpLedger(args : Types.LedgerCanisterPayload) {
  let ledger = Ledger.empty();
  var mintingAccount : ?Blob = null;
  var icrc1MintingAccount : ?Account.Account = null;
  var fee : Nat = 10_000;
  var tokenSymbol = "ICP";
  var tokenName = "Internet Computer";

  switch args {
    case (#Init given) {
      mintingAccount := ?AccountIdentifier.fromText(given.minting_account);
      icrc1MintingAccount := given.icrc1_minting_account;
      fee := Option.get(given.transfer_fee, { e8s = Nat64.fromNat(fee) }).e8s |> Nat64.toNat _;
      tokenSymbol := Option.get(given.token_symbol, tokenSymbol);
      tokenName := Option.get(given.token_name, tokenName);
    };
    case (#Upgrade(?{ icrc1_minting_account = ?account })) icrc1MintingAccount := ?account;
    case (#Upgrade _) {};
  };

  transient let rules : Ledger.Rules = {
    fee;
    minter = mintingAccount;
    digest = func(block : Block.Block) : Blob = Sha256.digest(to_candid (block));
    written = func(_ : Nat, _ : Blob) {};
  };
  transient let token : Token.Token = {
    name = tokenName;
    symbol = tokenSymbol;
    decimals = 8;
    mintingAccount = icrc1MintingAccount;
    more = [];
  };

  switch args {
    case (#Init { initial_values }) {
      let now = Nat64.fromNat(Int.abs(Time.now()));
      for ((account, { e8s }) in initial_values.vals()) {
        ignore Ledger.mint(ledger, rules, now, AccountIdentifier.fromText(account), Nat64.toNat(e8s), null);
      };
    };
    case (#Upgrade _) {};
  };

  include IcrcApi(ledger, rules, token, AccountIdentifier.fromAccount);
  include TransferApi(ledger, rules, token);
  include BlocksApi(ledger);
};
