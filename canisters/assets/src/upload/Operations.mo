/// Applies batch operations to the assets and notes which keys they touch.

import Array "mo:core/Array";
import Map "mo:core/Map";
import Set "mo:core/Set";
import Text "mo:core/Text";
import Assets "../content/Assets";
import Batches "Batches";
import Types "../Types";

module {
  /// Applies one operation; the keys whose certification it changes are added to `touched`.
  /// Traps as the single operations do, which undoes the whole message.
  public func apply(assets : Assets.Assets, uploads : Batches.Uploads, operation : Types.BatchOperationKind, touched : Set.Set<Text>) {
    switch operation {
      case (#CreateAsset args) Assets.create(assets, args);
      case (#SetAssetContent args) {
        let chunks = Array.map<Nat, Blob>(args.chunk_ids, func id = Batches.chunk(uploads, id));
        let last = switch (args.last_chunk) { case (?content) [content]; case null [] };
        Assets.setContent(Assets.require(assets, args.key), args.content_encoding, Array.concat(chunks, last), args.sha256);
        Set.add(touched, Text.compare, args.key);
      };
      case (#SetAssetProperties args) {
        Assets.setProperties(Assets.require(assets, args.key), args);
        Set.add(touched, Text.compare, args.key);
      };
      case (#UnsetAssetContent args) {
        Map.remove(Assets.require(assets, args.key).encodings, Text.compare, args.content_encoding);
        Set.add(touched, Text.compare, args.key);
      };
      case (#DeleteAsset args) {
        Map.remove(assets, Text.compare, args.key);
        Set.add(touched, Text.compare, args.key);
      };
      case (#Clear _) {
        Set.addAll(touched, Text.compare, Map.keys(assets));
        Map.clear(assets);
      };
    };
  };

  /// One content in one call: creates the asset where it is missing and gives it this type, these aliases and this encoding.
  public func store(assets : Assets.Assets, args : Types.StoreArguments) {
    let asset = Assets.typed(assets, args.key, args.content_type, args.aliased);
    Assets.setContent(asset, args.content_encoding, [args.content], args.sha256);
  };
};
