#include "engine/compare.hpp"

#include "engine/pages.hpp"

#include <utility>

namespace verso::engine {

namespace {

/// A resource on one side of a difference. Lifetime: the visit.
struct Side {
    content::ResourceKey key;
    content::ResourceValue value;
    tree::Locator locator;
};

Side side_of(const tree::Entry& entry) {
    return {content::read_resource_key(entry.key), content::ResourceValue::decode(entry.value),
            entry.locator};
}

/// What became of one resource.
struct Step {
    ChangeType type;
    const Side* before;
    const Side* after;
};
using StepVisitor = Visitor<const Step&>;

/// The resource of this kind with the id of `side` in the other tree, if there is one. Ids are
/// unique across kinds, so one that went over to another kind is another resource's.
std::optional<Side> counterpart(View& view, const tree::Root& root, const Side& side) {
    const auto located = tree::find(view.nodes(), root, content::id_key(side.value.id));
    if (!located) return std::nullopt;
    const content::ResourceKey key = content::read_id_value(located->value);
    if (key.kind != side.key.kind) return std::nullopt;
    const auto entry = tree::find(view.nodes(), root, content::resource_key(key.kind, key.name));
    if (!entry) fail(Errc::corrupt, "the index of ids names a resource that is not there");
    return Side{key, content::ResourceValue::decode(entry->value), entry->locator};
}

/// Says what became of the resources that have one name on the two sides. A renamed one is told
/// where its new name is.
class NameComparison {
public:
    NameComparison(View& view, const Compared& compared, StepVisitor visitor)
        : view_(view), compared_(compared), visitor_(visitor) {}

    /// Answers false once the visitor has.
    bool tell(const tree::Difference& difference, bool tells_removed) {
        std::optional<Side> from;
        std::optional<Side> to;
        if (difference.a) from = side_of(*difference.a);
        if (difference.b) to = side_of(*difference.b);
        if (from && to && from->value.id == to->value.id)
            return from->value.is_same_resource(to->value) ||
                   visitor_(Step{ChangeType::changed, &*from, &*to});
        if (from && tells_removed && !counterpart(view_, compared_.to, *from) &&
            !visitor_(Step{ChangeType::removed, &*from, nullptr}))
            return false;
        return !to || tell_arrived(*to);
    }

private:
    bool tell_arrived(const Side& to) {
        const auto old = counterpart(view_, compared_.from, to);
        if (old) return visitor_(Step{ChangeType::renamed, &*old, &to});
        return visitor_(Step{ChangeType::added, nullptr, &to});
    }

    View& view_;
    const Compared& compared_;
    StepVisitor visitor_;
};

/// The place of a change in the order of a comparison: of two under one name, what went comes
/// first.
struct ChangePlace {
    Kind kind;
    bool is_removed;
    std::string name;
};

std::string encode_change_place(Kind kind, ChangeType type, std::string_view name) {
    ByteWriter out(2 + name.size());
    out.be(static_cast<std::uint8_t>(kind)).be(std::uint8_t{type == ChangeType::removed});
    return encode_cursor(ListTag::changes, out.bytes(name).take());
}

ChangePlace decode_change_place(std::string_view cursor) {
    const std::string key = decode_cursor(ListTag::changes, 0, "after", cursor);
    ByteReader in(key);
    if (key.size() < 2)
        fail(Errc::cursor_invalid, "the cursor is cut short; use one as it was given");
    const auto kind = static_cast<Kind>(in.be<std::uint8_t>());
    const bool is_removed = in.be<std::uint8_t>() != 0;
    return {kind, is_removed, std::string(in.rest())};
}

void each_step(View& view, const Compared& compared, const CompareOptions& options,
               StepVisitor visitor) {
    content::KeyRange keys = options.kind ? content::resources_of(*options.kind)
                                          : content::section(content::Section::resources);
    std::string resumed;  // the name under which only what arrived is still to be told
    if (options.after) {
        const ChangePlace behind = decode_change_place(*options.after);
        std::string at = content::resource_key(behind.kind, behind.name);
        if (behind.is_removed)
            resumed = at;
        else
            at += '\0';
        keys.begin = std::max(keys.begin, at);
        if (keys.begin >= keys.end) return;
    }
    NameComparison names(view, compared, visitor);
    tree::diff(view.nodes(), compared.from, compared.to, keys.range(),
               [&](const tree::Difference& difference) {
                   const BytesView key = difference.a ? difference.a->key : difference.b->key;
                   return names.tell(difference, key != resumed);
               });
}

Change make_change(View& view, const Step& step, bool with_documents) {
    const Side& named = step.after ? *step.after : *step.before;
    Change change{.type = step.type,
                  .kind = named.key.kind,
                  .id = named.value.id,
                  .name = std::string(named.key.name)};
    if (step.type == ChangeType::renamed) change.old_name = step.before->key.name;
    if (!with_documents) return change;
    if (step.before) change.before = view.document(step.before->value, step.before->locator);
    if (step.after) change.after = view.document(step.after->value, step.after->locator);
    return change;
}

}  // namespace

void each_change(View& view, const Compared& compared, const CompareOptions& options,
                 Visitor<Change&> visitor) {
    each_step(view, compared, options, [&](const Step& step) {
        Change change = make_change(view, step, options.documents);
        return visitor(change);
    });
}

std::vector<KindSummary> summarize(View& view, const Compared& compared) {
    std::vector<KindSummary> summaries;
    each_step(view, compared, {}, [&](const Step& step) {
        const Kind kind = (step.after ? step.after : step.before)->key.kind;
        if (summaries.empty() || summaries.back().kind != kind) summaries.push_back({.kind = kind});
        KindSummary& summary = summaries.back();
        switch (step.type) {
            case ChangeType::added: ++summary.added; break;
            case ChangeType::removed: ++summary.removed; break;
            case ChangeType::changed: ++summary.changed; break;
            case ChangeType::renamed: ++summary.renamed; break;
        }
        return true;
    });
    return summaries;
}

ChangePage page_changes(View& view, const Compared& compared, const PageRequest& request) {
    check_page_size(request.first);
    if (request.before || !request.name.empty())
        fail(Errc::option_invalid,
             "a comparison is paged forward only and has no filter; give neither before nor name");
    ChangePage page;
    std::size_t bytes = 0;
    each_change(view, compared, {.after = request.after}, [&](Change& change) {
        const bool is_full = page.items.size() == request.first || bytes >= request.max_bytes;
        if (is_full && !page.items.empty()) {
            page.next = cursor_behind(page.items.back());
            return false;
        }
        if (change.before) bytes += change.before->text().size();
        if (change.after) bytes += change.after->text().size();
        page.items.push_back(std::move(change));
        return true;
    });
    page.summary = summarize(view, compared);
    for (const KindSummary& each : page.summary) page.total_count += each.total();
    return page;
}

}  // namespace verso::engine

namespace verso {

std::string cursor_behind(const Change& change) {
    return engine::encode_change_place(change.kind, change.type, change.name);
}

}  // namespace verso
