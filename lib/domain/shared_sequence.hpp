// A sequence that is cheap to copy, however long it is: a tree whose nodes copies share until one
// of them changes what lies there.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace verso {

/// O(1) to copy; its operations are O(log n) unless they say otherwise.
///
/// Thread safety: movable, together with all its copies.
template <class T>
class SharedSequence {
public:
    SharedSequence() = default;
    /// O(n)
    explicit SharedSequence(std::vector<T> items) {
        std::vector<NodePtr> level;
        for (auto at = items.begin(); at != items.end();) {
            const auto end = at + std::min(items.end() - at, std::ptrdiff_t{at_most});
            level.push_back(std::make_shared<Node>());
            level.back()->items.assign(std::make_move_iterator(at), std::make_move_iterator(end));
            at = end;
        }
        while (level.size() > 1) level = parents_of(level);
        if (!level.empty()) root_ = std::move(level.front());
        if (root_) root_->recount();
    }

    [[nodiscard]] std::size_t size() const noexcept { return root_ ? root_->count : 0; }

    /// Requires: index < size().
    [[nodiscard]] const T& operator[](std::size_t index) const {
        const Node* node = root_.get();
        while (!node->is_leaf()) node = node->kids[node->kid_at(index)].get();
        return node->items[index];
    }
    /// To be changed: no copy has it any more. Requires: index < size().
    [[nodiscard]] T& own(std::size_t index) {
        Node* node = &own(root_);
        while (!node->is_leaf()) node = &own(node->kids[node->kid_at(index)]);
        return node->items[index];
    }

    /// Requires: index <= size().
    void insert(std::size_t index, T value) {
        if (!root_) root_ = std::make_shared<Node>();
        NodePtr behind = insert(own(root_), index, std::move(value));
        if (!behind) return;
        auto above = std::make_shared<Node>();
        above->kids = {std::move(root_), std::move(behind)};
        above->recount();
        root_ = std::move(above);
    }
    /// Requires: index < size().
    void erase(std::size_t index) {
        erase(own(root_), index);
        if (root_->count == 0) root_.reset();
    }

    /// How many come before the first of which `precedes` is false. Requires: it is true of all of
    /// those and of none behind.
    template <class Precedes>
    [[nodiscard]] std::size_t partition_point(const Precedes& precedes) const {
        std::size_t before = 0;
        const Node* node = root_.get();
        if (!node) return 0;
        while (!node->is_leaf()) {
            const auto begin = node->kids.begin();
            const auto found =
                std::partition_point(begin + 1, node->kids.end(),
                                     [&](const NodePtr& kid) { return precedes(kid->first()); });
            for (auto kid = begin; kid != found - 1; ++kid) before += (*kid)->count;
            node = (found - 1)->get();
        }
        const auto& items = node->items;
        return before +
               static_cast<std::size_t>(std::partition_point(items.begin(), items.end(), precedes) -
                                        items.begin());
    }

    /// Calls visit(item) for each in its order. O(n)
    template <class Visit>
    void each(const Visit& visit) const {
        if (root_) each(*root_, visit);
    }
    /// Calls visit(item), which may change it, for each that no copy has, in any order. O(n)
    template <class Visit>
    void each_own(const Visit& visit) {
        if (root_) each_own(root_, visit);
    }

private:
    static constexpr std::size_t at_most = 64;  ///< Items or kids in a node.

    struct Node;
    using NodePtr = std::shared_ptr<Node>;

    /// A leaf has items, any other node has kids.
    struct Node {
        std::size_t count = 0;  ///< Of the items here or below.
        std::vector<T> items;
        std::vector<NodePtr> kids;

        [[nodiscard]] bool is_leaf() const noexcept { return kids.empty(); }
        [[nodiscard]] const T& first() const noexcept {
            const Node* node = this;
            while (!node->is_leaf()) node = node->kids.front().get();
            return node->items.front();
        }
        /// The kid with the item of an index, which becomes one within that kid. The end is the
        /// last one's.
        [[nodiscard]] std::size_t kid_at(std::size_t& index) const noexcept {
            std::size_t kid = 0;
            for (; kid + 1 < kids.size() && index >= kids[kid]->count; ++kid)
                index -= kids[kid]->count;
            return kid;
        }
        void recount() noexcept {
            count = items.size();
            for (const NodePtr& kid : kids) count += kid->count;
        }
    };

    static std::vector<NodePtr> parents_of(std::vector<NodePtr>& level) {
        std::vector<NodePtr> parents;
        for (NodePtr& node : level) {
            node->recount();
            if (parents.empty() || parents.back()->kids.size() == at_most)
                parents.push_back(std::make_shared<Node>());
            parents.back()->kids.push_back(std::move(node));
        }
        return parents;
    }

    static Node& own(NodePtr& node) {
        if (node.use_count() > 1) node = std::make_shared<Node>(std::as_const(*node));
        return *node;
    }

    /// Answers what was split off behind the node, if it had grown too large.
    static NodePtr insert(Node& node, std::size_t index, T&& value) {
        if (node.is_leaf()) {
            node.items.insert(at(node.items, index), std::move(value));
        } else {
            const std::size_t kid = node.kid_at(index);
            if (NodePtr behind = insert(own(node.kids[kid]), index, std::move(value)))
                node.kids.insert(at(node.kids, kid + 1), std::move(behind));
        }
        NodePtr behind;
        if (std::max(node.items.size(), node.kids.size()) > at_most) {
            behind = std::make_shared<Node>();
            split(node.items, behind->items);
            split(node.kids, behind->kids);
            behind->recount();
        }
        node.recount();
        return behind;
    }

    template <class Part>
    static void split(std::vector<Part>& parts, std::vector<Part>& behind) {
        const auto half = at(parts, parts.size() / 2);
        behind.assign(std::make_move_iterator(half), std::make_move_iterator(parts.end()));
        parts.erase(half, parts.end());
    }

    static void erase(Node& node, std::size_t index) {
        if (node.is_leaf()) {
            node.items.erase(at(node.items, index));
        } else {
            const std::size_t kid = node.kid_at(index);
            erase(own(node.kids[kid]), index);
            if (node.kids[kid]->count == 0) node.kids.erase(at(node.kids, kid));
        }
        node.recount();
    }

    template <class Part>
    static auto at(std::vector<Part>& parts, std::size_t index) {
        return parts.begin() + static_cast<std::ptrdiff_t>(index);
    }

    template <class Visit>
    static void each(const Node& node, const Visit& visit) {
        for (const T& item : node.items) visit(item);
        for (const NodePtr& kid : node.kids) each(*kid, visit);
    }
    template <class Visit>
    static void each_own(NodePtr& node, const Visit& visit) {
        if (node.use_count() > 1) return;
        for (T& item : node->items) visit(item);
        for (NodePtr& kid : node->kids) each_own(kid, visit);
    }

    NodePtr root_;
};

}  // namespace verso
