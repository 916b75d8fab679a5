/// A mutable tree of labelled paths that builds its hash tree anew only where it changed.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Map "mo:core/Map";
import HashTree "HashTree";

module {
  public type Node = {
    children : Map.Map<Blob, Node>;
    /// What stands at the end of a path.
    var leaf : ?Blob;
    var built : ?HashTree.Tree;
  };

  public func empty() : Node = { children = Map.empty(); var leaf = null; var built = null };

  /// Adds a path that ends in a leaf; the leaf has no siblings below its last label.
  public func insert(root : Node, path : [Blob], leaf : Blob) {
    var node = root;
    node.built := null;
    for (name in path.vals()) {
      node := switch (Map.get(node.children, Blob.compare, name)) {
        case (?child) child;
        case null {
          let child = empty();
          Map.add(node.children, Blob.compare, name, child);
          child;
        };
      };
      node.built := null;
    };
    node.leaf := ?leaf;
  };

  /// Removes everything below a path, and every label above that is left without content.
  public func remove(root : Node, path : [Blob]) = removeFrom(root, path, 0);

  func removeFrom(node : Node, path : [Blob], depth : Nat) {
    if (depth == path.size()) return;
    let ?child = Map.get(node.children, Blob.compare, path[depth]) else return;
    node.built := null;
    removeFrom(child, path, depth + 1);
    if (depth + 1 == path.size() or Map.isEmpty(child.children)) {
      Map.remove(node.children, Blob.compare, path[depth]);
    };
  };

  /// The hash tree of all paths. Costs one digest per changed node and per sibling of a changed node.
  public func tree(node : Node) : HashTree.Tree {
    switch (node.built) {
      case (?built) built;
      case null {
        let built = switch (node.leaf) {
          case (?content) HashTree.leaf(content);
          case null HashTree.balanced(
            Array.map<(Blob, Node), (Blob, HashTree.Tree)>(
              Map.toArray(node.children),
              func((name, child)) = (name, HashTree.labeled(name, tree(child))),
            )
          );
        };
        node.built := ?built;
        built;
      };
    };
  };
};
