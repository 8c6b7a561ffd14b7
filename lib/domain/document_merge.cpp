#include "domain/document_merge.hpp"

#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_writer.hpp"
#include "domain/merge_listing.hpp"

#include <algorithm>
#include <utility>

namespace verso {

namespace {

using MaybeValue = std::optional<JsonView>;
using Sides = ThreeSides<MaybeValue>;

bool same_text(const MaybeValue& a, const MaybeValue& b) {
    return a && b ? a->text() == b->text() : a.has_value() == b.has_value();
}

std::optional<std::string> text_of(const MaybeValue& value) {
    if (!value) return std::nullopt;
    return std::string(value->text());
}

/// Whether both sides have a value of this type, and base too if it has any.
bool all_are(const Sides& sides, JsonType type) {
    return sides.ours && sides.ours->type() == type && sides.theirs &&
           sides.theirs->type() == type && (!sides.base || sides.base->type() == type);
}

/// Writes the merged value of a place from the outermost one down. Each function answers whether
/// there is a value.
class DocumentMerge {
public:
    DocumentMerge(const MergePolicy& policy, const Conflict& about, Budget& budget)
        : policy_(policy), about_(about), budget_(budget) {}

    bool merge(const Sides& sides) {
        if (same_text(sides.base, sides.ours)) return put(sides.theirs);
        if (same_text(sides.base, sides.theirs)) return put(sides.ours);
        if (all_are(sides, JsonType::object)) return merge_members(sides);
        if (same(sides.base, sides.theirs) || same(sides.ours, sides.theirs))
            return put(sides.ours);
        if (same(sides.base, sides.ours)) return put(sides.theirs);
        if (all_are(sides, JsonType::array)) return merge_elements(sides);
        return settle(sides);
    }

    MergedDocument take() && { return {std::move(json_).take(), std::move(conflicts_)}; }

private:
    [[nodiscard]] bool same(const MaybeValue& a, const MaybeValue& b) {
        return a && b ? equality_.same(*a, *b) : a.has_value() == b.has_value();
    }

    bool put(const MaybeValue& value) {
        if (value) json_.raw(value->text());
        return value.has_value();
    }

    bool merge_below(const std::string& name, const Sides& sides) {
        const std::size_t size = pointer_.size();
        append_pointer(pointer_, name);
        const bool is_there = merge(sides);
        pointer_.resize(size);
        return is_there;
    }

    bool merge_members(const Sides& objects) {
        const MergeListings listings = list_members(objects);
        json_.begin_object();
        for (const std::string& name : order_members(listings)) {
            const auto [base, ours, theirs] = items_of(listings, name);
            const std::size_t size = json_.text().size();
            json_.raw_key((ours ? ours : theirs)->key->text());
            if (!merge_below(name, {value_of(base), value_of(ours), value_of(theirs)}))
                json_.truncate(size);
        }
        json_.end_object();
        return true;
    }

    bool merge_elements(const Sides& arrays) {
        const auto listings = list_elements(arrays, equality_);
        const auto order = listings ? order_elements(*listings) : std::nullopt;
        if (!order) return settle(arrays);
        json_.begin_array();
        for (const std::string& label : *order) {
            const auto [base, ours, theirs] = items_of(*listings, label);
            merge_below(std::to_string((ours ? ours : theirs)->position),
                        {value_of(base), value_of(ours), value_of(theirs)});
        }
        json_.end_array();
        return true;
    }

    using Item = MergeListing::Item;

    static ThreeSides<const Item*> items_of(const MergeListings& listings,
                                            const std::string& label) {
        return {listings.base.find(label), listings.ours.find(label), listings.theirs.find(label)};
    }

    static MaybeValue value_of(const Item* item) {
        return item != nullptr ? MaybeValue(item->value) : std::nullopt;
    }

    /// Has a conflict resolved.
    bool settle(const Sides& sides) {
        if (!budget_.take(pointer_.size()))
            fail(Errc::limit_exceeded,
                 "the pointers to what is in conflict take more than 64 MiB and 16 times the "
                 "documents, as many below one long name do, in " +
                     std::string(to_string(about_.kind)) + " \"" + about_.name +
                     "\"; shorten the names in it, or pick what shall be taken over");
        Conflict conflict = about_;
        conflict.type = ConflictType::content;
        conflict.pointer = pointer_;
        conflict.base = text_of(sides.base);
        conflict.ours = text_of(sides.ours);
        conflict.theirs = text_of(sides.theirs);
        conflict.resolution = policy_.resolve(conflict);
        conflicts_.push_back(std::move(conflict));
        const Resolution& resolution = conflicts_.back().resolution;
        switch (resolution.take) {
            case Take::base: return put(sides.base);
            case Take::theirs: return put(sides.theirs);
            case Take::value: json_.raw(given(resolution.value)); return true;
            case Take::unresolved:
            case Take::ours: break;
        }
        return put(sides.ours);
    }

    [[nodiscard]] std::string given(const std::string& value) const {
        auto compact = compact_json(value, widest_limits);
        if (!compact)
            fail(compact.error().code, "the value that resolves the conflict at '" + pointer_ +
                                           "': " + compact.error().message);
        return std::move(*compact);
    }

    const MergePolicy& policy_;
    const Conflict& about_;
    Budget& budget_;
    JsonEquality equality_;
    JsonWriter json_;
    std::string pointer_;
    std::vector<Conflict> conflicts_;
};

}  // namespace

bool MergedDocument::is_resolved() const noexcept {
    return std::all_of(conflicts.begin(), conflicts.end(), [](const Conflict& conflict) {
        return conflict.resolution.take != Take::unresolved;
    });
}

MergedDocument merge_documents(const DocumentSides& sides, const MergePolicy& policy,
                               Budget& budget, const Conflict& about) {
    const Outline base(sides.base);
    const Outline ours(sides.ours);
    const Outline theirs(sides.theirs);
    budget.add(sides.base.size() + sides.ours.size() + sides.theirs.size());
    DocumentMerge merge(policy, about, budget);
    merge.merge({base.root(sides.base), ours.root(sides.ours), theirs.root(sides.theirs)});
    return std::move(merge).take();
}

}  // namespace verso
