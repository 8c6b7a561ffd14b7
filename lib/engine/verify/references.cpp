#include "engine/verify/references.hpp"

#include "domain/json_parser.hpp"
#include "domain/resource_reader.hpp"
#include "engine/content.hpp"
#include "engine/payloads.hpp"
#include "engine/verify/entries.hpp"

#include <array>

namespace verso::engine::verification {

namespace {

constexpr std::array index_sections{content::Section::references, content::Section::dangling};

}  // namespace

void References::check(CommitId id, const CommitRecord& commit, const CommitRecord* before) {
    if (commit.root.id == 0 || !checked_.insert(commit.root.id).second) return;
    if (const KnownNode& root = nodes_[commit.root.id]; !root.is_sound || root.balance != 0) return;
    bool is_right = true;
    const auto add = [&](const std::string& what) {
        is_right = false;
        if (reported_.insert(what).second)
            report_.add(where_is(id), what + "; " + affected_.by(id));
    };
    is_right &= report_.check(
        [&] { return where_is(id); },
        [&] {
            const bool was_right = before != nullptr && right_.contains(before->root.id);
            const auto keys = changed_keys(was_right ? before->root : tree::Root{}, commit.root);
            is_right = keys.has_value();
            if (!keys) return;
            for (const std::string& key : keys->expected)
                if (!keys->found.contains(key))
                    add("its index of references lacks " + describe_entry(key));
            for (const std::string& key : keys->found)
                if (!keys->expected.contains(key))
                    add("its index of references has " + describe_entry(key) +
                        ", which no document says");
        });
    if (is_right) right_.insert(commit.root.id);
}

std::optional<References::Keys> References::changed_keys(const tree::Root& before,
                                                         const tree::Root& after) {
    std::set<ResourceId> referrers;
    bool are_readable = true;
    const auto take = [&](const tree::Entry& entry, bool means_another) {
        const auto [kind, name] = content::read_resource_key(entry.key);
        const auto value = content::ResourceValue::decode(entry.value);
        const ResourceId id = value.id;
        if (value.refers) referrers.insert(id);
        if (!means_another || !is_referable(kind)) return;
        add_referrers(referrers, before, content::references_to(id));
        add_referrers(referrers, before, content::dangling_to(kind, {.id = id}));
        add_referrers(referrers, before, content::dangling_to(kind, {.name = std::string(name)}));
    };
    const auto id_of = [](const std::optional<tree::Entry>& entry) {
        return entry ? content::ResourceValue::decode(entry->value).id : ResourceId{};
    };
    tree::diff(nodes_, before, after, content::section(content::Section::resources).range(),
               [&](const tree::Difference& difference) {
                   const bool means_another = id_of(difference.a) != id_of(difference.b);
                   if (difference.a) take(*difference.a, means_another);
                   if (difference.b) {
                       are_readable &= checked_sites(*difference.b).has_value();
                       take(*difference.b, means_another);
                   }
                   return true;
               });
    Keys keys;
    std::set<std::string, std::less<>> gone;
    for (const auto section : index_sections)
        tree::diff(nodes_, before, after, content::section(section).range(),
                   [&](const tree::Difference& difference) {
                       const BytesView key = (difference.a ? difference.a : difference.b)->key;
                       referrers.insert(content::read_referrer(key));
                       if (!difference.b) gone.emplace(key);
                       if (!difference.a) keys.found.emplace(key);
                       return true;
                   });
    for (const ResourceId referrer : referrers) {
        const auto old = keys_of(before, referrer);
        const auto now = keys_of(after, referrer);
        are_readable &= old && now;
        if (!are_readable) return std::nullopt;
        keys.expected.insert(now->begin(), now->end());
        for (const std::string& key : *old)
            if (!gone.contains(key)) keys.found.insert(key);
    }
    return keys;
}

void References::add_referrers(std::set<ResourceId>& referrers, const tree::Root& root,
                               const content::KeyRange& keys) {
    tree::scan(nodes_, root, keys.range(), [&](const tree::Entry& entry) {
        referrers.insert(content::read_referrer(entry.key));
        return true;
    });
}

std::optional<std::vector<std::string>> References::keys_of(const tree::Root& root,
                                                            ResourceId referrer) {
    std::vector<std::string> keys;
    const auto place = tree::find(nodes_, root, content::id_key(referrer));
    if (!place) return keys;
    const content::ResourceKey key = content::read_id_value(place->value);
    const auto entry = tree::find(nodes_, root, content::resource_key(key.kind, key.name));
    if (!entry) return keys;
    const auto value = content::ResourceValue::decode(entry->value);
    const Sites& sites = sites_of(key.kind, value, entry->locator);
    if (!sites) return std::nullopt;
    for (const ReferenceSite& site : *sites)
        keys.push_back(content::index_key(site, resolve(root, site), referrer));
    return keys;
}

std::optional<ResourceId> References::resolve(const tree::Root& root, const ReferenceSite& site) {
    const Reference& reference = site.reference;
    if (reference.id) {
        const auto entry = tree::find(nodes_, root, content::id_key(*reference.id));
        const bool is_there = entry && content::read_id_value(entry->value).kind == site.target;
        return is_there ? reference.id : std::nullopt;
    }
    const auto entry =
        tree::find(nodes_, root, content::resource_key(site.target, reference.name.value_or("")));
    if (!entry) return std::nullopt;
    return content::ResourceValue::decode(entry->value).id;
}

// Documents

const References::Sites& References::checked_sites(const tree::Entry& entry) {
    const auto value = content::ResourceValue::decode(entry.value);
    const Sites& sites = sites_of(content::read_resource_key(entry.key).kind, value, entry.locator);
    if (sites && value.refers == sites->empty())
        fail(Errc::corrupt, describe_entry(entry.key) + " says that it has " +
                                (value.refers ? "" : "no ") + "references, against its document");
    return sites;
}

const References::Sites& References::sites_of(Kind kind, const content::ResourceValue& value,
                                              const tree::Locator& locator) {
    const std::uint64_t key = locator.payload * 32 + static_cast<unsigned>(kind);
    const auto [known, is_new] = sites_.try_emplace(key);
    if (is_new) known->second = read_sites(kind, value, locator);
    return known->second;
}

References::Sites References::read_sites(Kind kind, const content::ResourceValue& value,
                                         const tree::Locator& locator) {
    if (!may_refer(kind)) return std::vector<ReferenceSite>{};
    try {
        const std::string text = load_payload(transaction_, locator.payload, value.size_bytes);
        const Document document = must(Document::parse(text, widest_limits));
        const Outline outline(document.text());
        const JsonView root = outline.root(document.text());
        if (!check_shape(kind, root).empty()) return std::nullopt;
        return references_of(kind, root);
    } catch (const Failure& failure) {
        if (failure.error.code == Errc::io_failed) throw;
        return std::nullopt;
    }
}

}  // namespace verso::engine::verification
