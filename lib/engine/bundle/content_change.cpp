#include "engine/bundle/content_change.hpp"

#include "domain/resource_reader.hpp"
#include "engine/payloads.hpp"

#include <algorithm>

namespace verso::engine::bundle {

namespace {

std::string described(Kind kind, std::string_view name) {
    return std::string(to_string(kind)) + " \"" + std::string(name) + '"';
}

/// Fails unless the document has the shape of its kind. Answers its references.
std::vector<ReferenceSite> checked_sites(Kind kind, std::string_view name, std::string_view text) {
    if (!has_shape(kind) && !may_refer(kind)) return {};
    const Outline outline(text);
    const JsonView root = outline.root(text);
    if (const auto fields = check_shape(kind, root); !fields.empty())
        fail(Errc::bundle_invalid, "the document of " + described(kind, name) +
                                       " is none of one: " + fields.front().field + ' ' +
                                       fields.front().message);
    return may_refer(kind) ? references_of(kind, root) : std::vector<ReferenceSite>{};
}

}  // namespace

void ContentChange::put(std::string_view key, content::ResourceValue value, std::uint64_t payload,
                        std::string_view text) {
    const auto [kind, name] = content::read_resource_key(key);
    auto sites = checked_sites(kind, name, text);
    value.refers = !sites.empty();
    Subject& put = subject(value.id);
    if (!put.name.empty() && is_taken(put.kind, put.name))
        fail(Errc::bundle_invalid, "id " + to_string(value.id) + " is put twice in one commit");
    put.kind = kind;
    put.name = name;
    put.sites = std::move(sites);
    const auto before = find_before(kind, name);
    if (before && before->value.id != value.id)
        if (Subject& displaced = subject(before->value.id);
            displaced.kind == kind && displaced.name == name)
            displaced.name.clear();
    if (before_.id != 0 || is_referable(kind)) taken_.emplace(key, value.id);
    std::string encoded = value.encode();
    if (before && before->value.encode() == encoded) return;
    edits_.push_back({std::string(key), std::move(encoded), payload, value.digest});
}

void ContentChange::remove(std::string_view key, ResourceId id) {
    const auto [kind, name] = content::read_resource_key(key);
    const auto before = find_before(kind, name);
    if (!before || before->value.id != id)
        fail(Errc::bundle_invalid, described(kind, name) + " of id " + to_string(id) +
                                       " is to be removed, but its parent has none");
    Subject& removed = subject(id);
    if (removed.kind == kind && removed.name == name) removed.name.clear();
    vacated_.emplace(key);
    edits_.push_back({std::string(key), std::nullopt, 0, {}});
}

std::vector<ContentEdit> ContentChange::edits() && {
    check_places();
    take_referrers();
    edit_ids();
    for (const auto& [id, subject] : subjects_) edit_references(id, subject);
    std::ranges::sort(edits_, {}, &ContentEdit::key);
    return std::move(edits_);
}

/// Where there was nothing before, what has a name was put.
bool ContentChange::is_taken(Kind kind, std::string_view name) const {
    return before_.id == 0 || taken_.contains(content::resource_key(kind, name));
}

std::optional<ResourceEntry> ContentChange::find_before(Kind kind, std::string_view name) {
    if (before_.id == 0) return std::nullopt;
    return view_.find_entry(before_, kind, name);
}

ContentChange::Subject& ContentChange::subject(ResourceId id) {
    const auto [found, is_new] = subjects_.try_emplace(id);
    Subject& subject = found->second;
    if (!is_new || before_.id == 0) return subject;
    const auto entry = tree::find(view_.nodes(), before_, content::id_key(id));
    if (!entry) return subject;
    const content::ResourceKey place = content::read_id_value(entry->value);
    subject.kind = subject.kind_before = place.kind;
    subject.name = subject.name_before = place.name;
    subject.before = find_before(place.kind, place.name);
    if (!subject.before) fail(Errc::corrupt, "the index of ids names no resource; run verify");
    return subject;
}

/// What has another place now must have left the old one: to a put of another or by a removal.
void ContentChange::check_places() const {
    for (const auto& [id, subject] : subjects_) {
        if (subject.name_before.empty() || subject.name.empty()) continue;
        if (subject.kind == subject.kind_before && subject.name == subject.name_before) continue;
        const std::string old = content::resource_key(subject.kind_before, subject.name_before);
        if (!vacated_.contains(old) && !taken_.contains(old))
            fail(Errc::bundle_invalid, "id " + to_string(id) + " is put as " +
                                           described(subject.kind, subject.name) +
                                           ", but stays under its old name too");
    }
}

void ContentChange::take_referrers() {
    if (before_.id == 0) return;
    struct Target {
        ResourceId id;
        Kind kind_before;
        bool was_there;
        Kind kind;
        std::string name;  ///< empty: it goes
    };
    std::vector<Target> targets;
    for (const auto& [id, subject] : subjects_) {
        const bool stays =
            subject.kind == subject.kind_before && subject.name == subject.name_before;
        if (!stays)
            targets.push_back({id, subject.kind_before, !subject.name_before.empty(), subject.kind,
                               subject.name});
    }
    for (const Target& target : targets) {
        if (target.was_there && is_referable(target.kind_before))
            take_all(content::references_to(target.id));
        if (target.name.empty() || !is_referable(target.kind)) continue;
        take_all(content::dangling_to(target.kind, {.id = target.id}));
        take_all(content::dangling_to(target.kind, {.name = target.name}));
    }
}

void ContentChange::take_all(const content::KeyRange& keys) {
    std::vector<ResourceId> referrers;
    tree::scan(view_.nodes(), before_, keys.range(), [&](const tree::Entry& entry) {
        referrers.push_back(content::read_referrer(entry.key));
        return true;
    });
    for (const ResourceId id : referrers) {
        if (subjects_.contains(id)) continue;
        Subject& referrer = subject(id);
        if (!referrer.before) fail(Errc::corrupt, "a reference is that of no resource; run verify");
        referrer.sites = sites_before(referrer);
    }
}

void ContentChange::edit_ids() {
    for (const auto& [id, subject] : subjects_) {
        if (subject.name.empty() && subject.name_before.empty()) continue;
        if (subject.kind == subject.kind_before && subject.name == subject.name_before) continue;
        std::optional<std::string> value;
        if (!subject.name.empty()) value = content::id_value(subject.kind, subject.name);
        edits_.push_back({content::id_key(id), std::move(value), 0, {}});
    }
}

void ContentChange::edit_references(ResourceId id, const Subject& subject) {
    Keys before;
    Keys after;
    if (subject.before && subject.before->value.refers)
        before = index_keys(sites_before(subject), id, [&](Kind kind, const Reference& reference) {
            return resolve_before(kind, reference);
        });
    if (!subject.name.empty())
        after = index_keys(subject.sites, id, [&](Kind kind, const Reference& reference) {
            return resolve_after(kind, reference);
        });
    for (const std::string& key : before)
        if (!std::ranges::binary_search(after, key)) edits_.push_back({key, std::nullopt, 0, {}});
    for (std::string& key : after)
        if (!std::ranges::binary_search(before, key))
            edits_.push_back({std::move(key), std::string(), 0, {}});
}

std::vector<ReferenceSite> ContentChange::sites_before(const Subject& subject) {
    if (!may_refer(subject.kind_before)) return {};
    const auto& [value, locator] = *subject.before;
    return visit_payload(view_.transaction(), locator.payload, value.size_bytes,
                         [&](BytesView text) {
                             const Outline outline(text);
                             return references_of(subject.kind_before, outline.root(text));
                         });
}

std::optional<ResourceId> ContentChange::resolve_before(Kind kind, const Reference& reference) {
    if (!reference.id) {
        const auto named = find_before(kind, reference.name.value_or(""));
        return named ? std::optional(named->value.id) : std::nullopt;
    }
    const auto entry = tree::find(view_.nodes(), before_, content::id_key(*reference.id));
    const bool is_there = entry && content::read_id_value(entry->value).kind == kind;
    return is_there ? reference.id : std::nullopt;
}

std::optional<ResourceId> ContentChange::resolve_after(Kind kind, const Reference& reference) {
    if (reference.id) {
        const auto found = subjects_.find(*reference.id);
        if (found == subjects_.end())
            return before_.id == 0 ? std::nullopt : resolve_before(kind, reference);
        const Subject& target = found->second;
        return !target.name.empty() && target.kind == kind ? reference.id : std::nullopt;
    }
    const std::string key = content::resource_key(kind, reference.name.value_or(""));
    if (const auto put = taken_.find(key); put != taken_.end()) return put->second;
    if (before_.id == 0 || vacated_.contains(key)) return std::nullopt;
    return resolve_before(kind, reference);
}

template <class Resolve>
ContentChange::Keys ContentChange::index_keys(const std::vector<ReferenceSite>& sites,
                                              ResourceId referrer, Resolve resolve) {
    Keys keys;
    keys.reserve(sites.size());
    for (const ReferenceSite& site : sites)
        keys.push_back(content::index_key(site, resolve(site.target, site.reference), referrer));
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

}  // namespace verso::engine::bundle
