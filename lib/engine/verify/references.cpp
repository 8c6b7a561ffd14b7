#include "engine/verify/references.hpp"

#include "domain/json_parser.hpp"
#include "domain/resource_reader.hpp"
#include "engine/content.hpp"
#include "engine/payloads.hpp"
#include "engine/verify/entries.hpp"

#include <map>

namespace verso::engine::verification {

void References::check(CommitId id, const CommitRecord& commit) {
    if (commit.root.id == 0 || !checked_.insert(commit.root.id).second) return;
    if (const KnownNode& root = nodes_[commit.root.id]; !root.is_sound || root.balance != 0) return;
    const auto add = [&](const std::string& what) {
        if (reported_.insert(what).second)
            report_.add(where_is(id), what + "; " + affected_.by(id));
    };
    report_.check([&] { return where_is(id); },
                  [&] {
                      const auto keys = keys_of(commit.root);
                      if (!keys) return;
                      for (const std::string& key : keys->expected)
                          if (!keys->found.contains(key))
                              add("its index of references lacks " + describe_entry(key));
                      for (const std::string& key : keys->found)
                          if (!keys->expected.contains(key))
                              add("its index of references has " + describe_entry(key) +
                                  ", which no document says");
                  });
}

std::optional<References::Keys> References::keys_of(const tree::Root& root) {
    struct Referrer {
        ResourceId id;
        const std::vector<ReferenceSite>* sites;
    };
    std::vector<Referrer> referrers;
    std::map<std::pair<Kind, std::string>, ResourceId> names;
    std::map<ResourceId, Kind> kinds;
    bool are_readable = true;
    const auto visit_resource = [&](const tree::Entry& entry) {
        const auto [kind, name] = content::read_resource_key(entry.key);
        const auto value = content::ResourceValue::decode(entry.value);
        if (is_referable(kind)) {
            names.emplace(std::pair(kind, std::string(name)), value.id);
            kinds.emplace(value.id, kind);
        }
        const Sites& sites = sites_of(kind, value, entry.locator);
        if (!sites) return are_readable = false;
        if (value.refers == sites->empty())
            fail(Errc::corrupt, describe_entry(entry.key) + " says that it has " +
                                    (value.refers ? "" : "no ") +
                                    "references, against its document");
        if (!sites->empty()) referrers.push_back({value.id, &*sites});
        return true;
    };
    tree::scan(nodes_, root, content::section(content::Section::resources).range(), visit_resource);
    if (!are_readable) return std::nullopt;

    Keys keys;
    for (const auto& [referrer, sites] : referrers) {
        for (const auto& [target, reference, pointer] : *sites) {
            std::optional<ResourceId> found;
            if (reference.id) {
                const auto kind = kinds.find(*reference.id);
                if (kind != kinds.end() && kind->second == target) found = reference.id;
            } else if (const auto named = names.find({target, *reference.name});
                       named != names.end()) {
                found = named->second;
            }
            keys.expected.insert(found ? content::reference_key(*found, referrer)
                                       : content::dangling_key(target, reference, referrer));
        }
    }
    for (const auto section : {content::Section::references, content::Section::dangling})
        tree::scan(nodes_, root, content::section(section).range(), [&](const tree::Entry& entry) {
            keys.found.emplace(entry.key);
            return true;
        });
    return keys;
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
