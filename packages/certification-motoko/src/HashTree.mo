/// Hash trees as the interface specification defines them (section "Certification"): digests, pruning, merging.

import Sha256 "Sha256";

module {
  /// A tree whose inner nodes carry their digest. A fork remembers the first label on its right, so that a search
  /// for a label needs one comparison per level.
  public type Tree = {
    #empty;
    #fork : { digest : Blob; left : Tree; right : Tree; firstRight : Blob };
    #labeled : { digest : Blob; name : Blob; subtree : Tree };
    #leaf : { digest : Blob; content : Blob };
    #pruned : Blob;
  };

  /// The 32-byte digest of a tree.
  public func digest(tree : Tree) : Blob = switch tree {
    case (#empty) Sha256.digest("\11ic-hashtree-empty");
    case (#fork node) node.digest;
    case (#labeled node) node.digest;
    case (#leaf node) node.digest;
    case (#pruned hash) hash;
  };

  public func leaf(content : Blob) : Tree =
  #leaf { digest = Sha256.digestOf(["\10ic-hashtree-leaf", content]); content };

  public func labeled(name : Blob, subtree : Tree) : Tree =
  #labeled { digest = Sha256.digestOf(["\13ic-hashtree-labeled", name, digest(subtree)]); name; subtree };

  /// A balanced tree over labelled subtrees in strictly increasing order of their names.
  public func balanced(children : [(Blob, Tree)]) : Tree = between(children, 0, children.size());

  func between(children : [(Blob, Tree)], start : Nat, end : Nat) : Tree {
    if (start == end) return #empty;
    if (start + 1 == end) return children[start].1;
    let middle = (start + end) / 2;
    let left = between(children, start, middle);
    let right = between(children, middle, end);
    #fork { digest = forkDigest(left, right); left; right; firstRight = children[middle].0 };
  };

  func forkDigest(left : Tree, right : Tree) : Blob = Sha256.digestOf(["\10ic-hashtree-fork", digest(left), digest(right)]);

  /// The same tree with nothing visible but its digest.
  public func prune(tree : Tree) : Tree = switch tree {
    case (#empty) #empty;
    case _ #pruned(digest(tree));
  };

  /// Both witnesses of one tree in one: visible is what either of them shows.
  public func merge(one : Tree, other : Tree) : Tree = switch (one, other) {
    case (#pruned _, _) other;
    case (_, #pruned _) one;
    case (#fork a, #fork b) #fork { a with left = merge(a.left, b.left); right = merge(a.right, b.right) };
    case (#labeled a, #labeled b) #labeled { a with subtree = merge(a.subtree, b.subtree) };
    case _ one;
  };

  /// Shows one path of a complete tree and prunes the rest. Where a label is missing, the neighbouring labels stay
  /// visible (their content pruned), which proves the absence.
  public func witness(tree : Tree, path : [Blob]) : Tree = reveal(tree, path, 0);

  func reveal(tree : Tree, path : [Blob], depth : Nat) : Tree {
    if (depth == path.size()) return tree;
    let name = path[depth];
    switch (find(tree, name)) {
      case (?_) show(tree, name, func subtree = reveal(subtree, path, depth + 1));
      case null merge(showNeighbour(tree, before(tree, name)), showNeighbour(tree, after(tree, name)));
    };
  };

  /// The subtree below a label of this level.
  public func find(tree : Tree, name : Blob) : ?Tree = switch tree {
    case (#fork node) find(if (name < node.firstRight) node.left else node.right, name);
    case (#labeled node) if (node.name == name) ?node.subtree else null;
    case _ null;
  };

  func showNeighbour(tree : Tree, name : ?Blob) : Tree = switch name {
    case (?found) show(tree, found, prune);
    case null prune(tree);
  };

  func show(tree : Tree, name : Blob, inside : Tree -> Tree) : Tree = switch tree {
    case (#fork node) {
      if (name < node.firstRight) {
        #fork { node with left = show(node.left, name, inside); right = prune(node.right) };
      } else {
        #fork { node with left = prune(node.left); right = show(node.right, name, inside) };
      };
    };
    case (#labeled node) #labeled { node with subtree = inside(node.subtree) };
    case _ tree;
  };

  /// The greatest label below `name`.
  func before(tree : Tree, name : Blob) : ?Blob = switch tree {
    case (#fork node) before(if (node.firstRight < name) node.right else node.left, name);
    case (#labeled node) if (node.name < name) ?node.name else null;
    case _ null;
  };

  /// The least label above `name`.
  func after(tree : Tree, name : Blob) : ?Blob = switch tree {
    case (#fork node) {
      if (node.firstRight <= name) return after(node.right, name);
      switch (after(node.left, name)) {
        case null ?node.firstRight;
        case found found;
      };
    };
    case (#labeled node) if (node.name > name) ?node.name else null;
    case _ null;
  };
};
