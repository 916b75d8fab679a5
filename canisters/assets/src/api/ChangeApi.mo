/// Methods that change one asset at a time.

import Assets "../content/Assets";
import Batches "../upload/Batches";
import Operations "../upload/Operations";
import Permissions "../Permissions";
import Types "../Types";

mixin (
  permissions : Permissions.Permissions,
  assets : Assets.Assets,
  uploads : Batches.Uploads,
  change : <system>([Types.BatchOperationKind]) -> (),
) {
  public shared ({ caller }) func store(args : Types.StoreArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    Operations.store(assets, args);
    // The content is in place; an empty change of properties certifies it.
    let { key } = args;
    change<system>([#SetAssetProperties { key; max_age = null; headers = null; allow_raw_access = null; is_aliased = null }]);
  };

  public shared ({ caller }) func create_asset(args : Types.CreateAssetArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#CreateAsset args]);
  };

  public shared ({ caller }) func set_asset_content(args : Types.SetAssetContentArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#SetAssetContent args]);
  };

  public shared ({ caller }) func set_asset_properties(args : Types.SetAssetPropertiesArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#SetAssetProperties args]);
  };

  public shared ({ caller }) func unset_asset_content(args : Types.UnsetAssetContentArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#UnsetAssetContent args]);
  };

  public shared ({ caller }) func delete_asset(args : Types.DeleteAssetArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#DeleteAsset args]);
  };

  /// Forgets all assets and everything uploaded but not committed.
  public shared ({ caller }) func clear(args : Types.ClearArguments) : async () {
    Permissions.require(permissions, #Commit, caller);
    change<system>([#Clear args]);
    Batches.clear(uploads);
  };
};
