#include "tree/level_rewriter.hpp"

#include "tree/sha256.hpp"

#include <utility>

namespace verso::tree {

namespace {

bool same_entries(const NodeView& node, std::span<const Entry> entries) {
    if (node.size() != entries.size()) return false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        if (node.key(i) != entry.key || node.value(i) != entry.value ||
            node.locator(i) != entry.locator)
            return false;
    }
    return true;
}

}  // namespace

std::vector<Edit> LevelRewriter::rewrite(unsigned level, std::span<const Edit> edits) {
    level_ = level;
    edits_ = edits;
    TouchedNode* touched = old_.first(level);
    if (touched == nullptr) {
        for (const Edit& edit : std::exchange(edits_, {})) add_new(edit);
        if (!run_.empty()) close();
    }
    for (; touched != nullptr; touched = touched->next)
        if (falls_on(*touched)) touched = &rewrite_from(*touched);
    if (!edits_.empty()) old_.first(level)->node.damaged("keys behind it are out of order");
    return std::exchange(above_, {});
}

bool LevelRewriter::falls_on(const TouchedNode& touched) const {
    if (edits_.empty()) return false;
    return edits_.front().key <= touched.node.last_key() || TouchedNodes::is_last(touched);
}

/// Rewrites a node and those behind it, until one ends where an old one did. Answers the last of
/// these.
TouchedNode& LevelRewriter::rewrite_from(TouchedNode& first) {
    TouchedNode* touched = &first;
    for (;;) {
        const bool is_last = TouchedNodes::is_last(*touched);
        replaced_.push_back(&touched->node);
        merge(touched->node, is_last);
        if (is_last) break;
        close_if_ended();
        if (run_.empty()) break;
        touched = &old_.next_on_level(*touched);
    }
    if (!run_.empty()) close();
    for (; replaced_done_ < replaced_.size(); ++replaced_done_)
        above_.push_back({replaced_[replaced_done_]->last_key(), std::nullopt});
    replaced_.clear();
    replaced_done_ = 0;
    return *touched;
}

/// Adds the entries of an old node as the edits leave them, and the new ones between them. The
/// edits behind the node's last key are those of the next node, unless it is the last of the
/// level.
void LevelRewriter::merge(const NodeView& node, bool is_last) {
    for (std::size_t i = 0; i < node.size(); ++i) {
        const Entry entry = node.entry(i);
        int order = 1;
        while (!edits_.empty() && (order = edits_.front().key.compare(entry.key)) < 0) {
            add_new(edits_.front());
            edits_ = edits_.subspan(1);
        }
        const Ends ends = i + 1 < node.size() ? Ends::no : is_last ? Ends::by_rank : Ends::yes;
        if (edits_.empty() || order != 0) {
            add(entry, ends);
            continue;
        }
        const Edit& edit = edits_.front();
        if (edit.value) add({entry.key, *edit.value, edit.locator}, ends);
        edits_ = edits_.subspan(1);
    }
    if (!is_last) return;
    for (const Edit& edit : edits_) add_new(edit);
    edits_ = {};
}

void LevelRewriter::add_new(const Edit& edit) {
    if (edit.value) add({edit.key, *edit.value, edit.locator}, Ends::by_rank);
}

void LevelRewriter::add(const Entry& entry, Ends ends) {
    close_if_ended();
    run_.push_back(entry);
    ends_ = ends;
}

void LevelRewriter::close_if_ended() {
    if (run_.empty()) return;
    if (ends_ == Ends::by_rank)
        ends_ = shaper_.rank(run_.back().key) > level_ ? Ends::yes : Ends::no;
    if (ends_ == Ends::yes) close();
}

/// Makes a node of the run, or finds that an old one is the same: then nothing changes above it.
void LevelRewriter::close() {
    const BytesView last_key = run_.back().key;
    remove_replaced_before(last_key);
    const NodeView* const old =
        replaced_done_ < replaced_.size() && replaced_[replaced_done_]->last_key() == last_key
            ? replaced_[replaced_done_++]
            : nullptr;
    if (old == nullptr || !same_entries(*old, run_)) above_.push_back(make_node());
    run_.clear();
}

void LevelRewriter::remove_replaced_before(BytesView key) {
    for (; replaced_done_ < replaced_.size(); ++replaced_done_) {
        const BytesView last_key = replaced_[replaced_done_]->last_key();
        if (last_key >= key) return;
        above_.push_back({last_key, std::nullopt});
    }
}

Edit LevelRewriter::make_node() {
    NewNode& made = new_nodes_.emplace_back();
    made.id = shaper_.sink.next_id();
    made.bytes = encode_node(level_, run_);
    const NodeView node(made.id, made.bytes);
    made.value = encode_child(sha256(node.digested()), node.count());
    const BytesView value(made.value.data(), made.value.size());
    return {run_.back().key, value, {.payload = made.id}};
}

}  // namespace verso::tree
