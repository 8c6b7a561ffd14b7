#include "engine/overlay.hpp"

#include "domain/document_access.hpp"
#include "domain/resource_reader.hpp"
#include "domain/resource_references.hpp"

#include <algorithm>
#include <tuple>

namespace verso::engine {

std::optional<Overlay::Found> Overlay::find(Kind kind, std::string_view name) {
    const std::string key = content::resource_key(kind, name);
    if (const auto over = pending_.find(key); over != pending_.end()) {
        if (!over->second.value) return std::nullopt;
        return Found{content::ResourceValue::decode(*over->second.value), {}, &over->second};
    }
    const auto entry = tree::find(view_.nodes(), root_, key);
    if (!entry) return std::nullopt;
    return Found{content::ResourceValue::decode(entry->value), entry->locator, nullptr};
}

std::optional<Overlay::Located> Overlay::locate(ResourceId id) {
    const std::string key = content::id_key(id);
    BytesView value;
    if (const auto over = pending_.find(key); over != pending_.end()) {
        if (!over->second.value) return std::nullopt;
        value = *over->second.value;
    } else {
        const auto entry = tree::find(view_.nodes(), root_, key);
        if (!entry) return std::nullopt;
        value = entry->value;
    }
    const content::ResourceKey read = content::read_id_value(value);
    return Located{read.kind, std::string(read.name)};
}

bool Overlay::contains(const std::string& key) {
    if (const auto over = pending_.find(key); over != pending_.end())
        return over->second.value.has_value();
    return tree::find(view_.nodes(), root_, key).has_value();
}

std::string Overlay::text(const Found& found) {
    if (found.pending) return found.pending->payload;
    return view_.document(found.value, found.locator).text();
}

Resource Overlay::resource(Kind kind, std::string_view name, const Found& found) {
    return {kind, found.value.id, std::string(name), DocumentAccess::make(text(found))};
}

void Overlay::scan(const content::KeyRange& keys, Visitor<const Entry&> visitor) {
    auto over = pending_.lower_bound(keys.begin);
    const auto end = pending_.lower_bound(keys.end);
    bool goes_on = true;
    const auto visit_pending = [&] {
        const auto& [key, pending] = *over++;
        if (pending.value) goes_on = visitor(Entry{key, *pending.value, {}, &pending});
    };
    tree::scan(view_.nodes(), root_, keys.range(), [&](const tree::Entry& entry) {
        while (goes_on && over != end && over->first < entry.key) visit_pending();
        if (!goes_on) return false;
        if (over != end && over->first == entry.key)
            visit_pending();
        else
            goes_on = visitor(Entry{entry.key, entry.value, entry.locator, nullptr});
        return goes_on;
    });
    while (goes_on && over != end) visit_pending();
}

std::vector<ResourceId> Overlay::referrers(const content::KeyRange& keys) {
    std::vector<ResourceId> ids;
    scan(keys, [&](const Entry& entry) {
        ids.push_back(content::read_referrer(entry.key));
        return true;
    });
    return ids;
}

void Overlay::set(std::string key, std::optional<std::string> value, std::string payload) {
    const auto over = pending_.find(key);
    std::optional<std::string> base;
    if (over != pending_.end())
        base = std::move(over->second.base);
    else if (const auto entry = tree::find(view_.nodes(), root_, key))
        base = entry->value;

    if (value != base)
        pending_.insert_or_assign(over, std::move(key),
                                  Pending{std::move(value), std::move(payload), std::move(base)});
    else if (over != pending_.end())
        pending_.erase(over);
}

void Overlay::rebase(const tree::Root& root) {
    root_ = root;
    pending_.clear();
}

std::optional<ResourceId> OverlaySurroundings::resolve(Kind kind, const Reference& reference) {
    if (reference.id) {
        const auto located = overlay_.locate(*reference.id);
        if (!located || located->kind != kind) return std::nullopt;
        return reference.id;
    }
    const auto found = overlay_.find(kind, reference.name.value_or(""));
    if (!found) return std::nullopt;
    return found->value.id;
}

std::string OverlaySurroundings::document_of(Kind kind, ResourceId id) {
    const auto located = overlay_.locate(id);
    const auto found = located ? overlay_.find(kind, located->name) : std::nullopt;
    if (!found) fail(Errc::corrupt, "the index of ids names a resource that is not there");
    return overlay_.text(*found);
}

std::vector<Referrer> referrers_of(Overlay& overlay, ResourceId target) {
    std::vector<Referrer> referrers;
    for (const ResourceId id : overlay.referrers(content::references_to(target))) {
        if (id == target) continue;
        auto located = overlay.locate(id);
        if (!located) fail(Errc::corrupt, "a reference is that of no resource; run verify");
        referrers.push_back({located->kind, id, std::move(located->name)});
    }
    std::ranges::sort(referrers, [](const Referrer& a, const Referrer& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return referrers;
}

DescribedResource describe(Overlay& overlay, Surroundings& surroundings, bool is_published,
                           Kind kind, std::string_view name) {
    using content::Validation;
    const Overlay::Found found = overlay.find(kind, name).value();
    DescribedResource described{.resource = overlay.resource(kind, name, found)};
    if (is_referable(kind)) described.referenced_by = referrers_of(overlay, found.value.id);
    const Validation validation = found.value.validation;
    if (validation == Validation::clean) {
        described.errors.emplace();
    } else if (has_shape(kind) && (validation == Validation::findings || is_published)) {
        described.errors = validate(kind, described.resource.document.text(), surroundings);
    }
    return described;
}

}  // namespace verso::engine
