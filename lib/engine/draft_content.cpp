#include "engine/draft_content.hpp"

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"
#include "domain/json_parser.hpp"
#include "domain/resource_reader.hpp"

namespace verso::engine {

namespace {

[[noreturn]] void fail_field(Errc code, std::string field, const std::string& message) {
    fail({code, message, {{std::move(field), message}}});
}

}  // namespace

Resource DraftContent::put(Kind kind, std::optional<std::string_view> name,
                           const Document& document, const DocumentLimits& limits) {
    must(check_limits(document, limits));
    StoredDocument stored = must(to_stored_document(kind, document));
    if (name) {
        if (has_shape(kind))
            fail(Errc::option_invalid, "the name of " + std::string(to_string(kind)) + " \"" +
                                           stored.name +
                                           "\" stands in its document; put it without one");
        stored.name = *name;
    }
    must(check_resource_name(kind, stored.name));
    const ResourceId id = put({kind, stored.id, stored.name, stored.document.text()});
    return {kind, id, std::move(stored.name), std::move(stored.document)};
}

ResourceId DraftContent::put(CheckedResource resource) {
    check_open();
    const auto named = find_entry(resource.kind, resource.name);
    const std::optional<ResourceId> wanted = resource.id;
    const auto located = wanted ? locate(*wanted) : std::nullopt;
    const std::string what = std::string(to_string(resource.kind)) + " \"" + resource.name + "\"";
    if (located && located->kind != resource.kind)
        fail_field(Errc::id_taken, "id",
                   what + ": id " + to_string(*wanted) + " is that of " +
                       std::string(to_string(located->kind)) + " \"" + located->name +
                       "\"; leave the id out, or give another");
    if (wanted && named && named->value.id != *wanted) {
        if (located)
            fail_field(Errc::name_taken, "name",
                       what + ": another " + std::string(to_string(resource.kind)) +
                           " has this name; choose another");
        fail_field(Errc::id_invalid, "id",
                   what + " has id " + to_string(named->value.id) + ", not " + to_string(*wanted) +
                       "; leave the id out, or give its own");
    }
    const ResourceId id = wanted ? *wanted : named ? named->value.id : ResourceId{ids_.next()};
    if (located && located->name != resource.name)
        set(content::resource_key(resource.kind, located->name), std::nullopt);
    thread_local tree::Sha256 sha256;
    const content::ResourceValue value{
        .id = id,
        .digest = sha256(resource.text),
        .size_bytes = static_cast<std::uint32_t>(resource.text.size())};
    set(content::resource_key(resource.kind, resource.name), value.encode(),
        std::move(resource.text));
    if (!named || located)
        set(content::id_key(id), content::id_value(resource.kind, resource.name));
    return id;
}

void DraftContent::erase(Kind kind, std::string_view name) {
    check_open();
    const auto found = find_entry(kind, name);
    if (!found) fail(unknown_resource({version_.connection, version_.record.name}, kind, name));
    set(content::id_key(found->value.id), std::nullopt);
    set(content::resource_key(kind, name), std::nullopt);
}

std::optional<Resource> DraftContent::find(Kind kind, std::string_view name) {
    const auto found = find_entry(kind, name);
    if (!found) return std::nullopt;
    return resource_of(kind, name, *found);
}

std::optional<Resource> DraftContent::find(ResourceId id) {
    const auto located = locate(id);
    if (!located) return std::nullopt;
    return find(located->kind, located->name);
}

std::vector<Resource> DraftContent::list(Kind kind) {
    const content::KeyRange keys = content::resources_of(kind);
    std::vector<Resource> resources;
    auto over = pending_.lower_bound(keys.begin);
    const auto end = pending_.lower_bound(keys.end);
    const auto take_pending = [&] {
        const auto& [key, pending] = *over++;
        if (!pending.value) return;
        const Found found{content::ResourceValue::decode(*pending.value), {}, &pending};
        resources.push_back(resource_of(kind, content::read_resource_key(key).name, found));
    };
    tree::scan(view_.nodes(), version_.root, keys.range(), [&](const tree::Entry& entry) {
        while (over != end && over->first < entry.key) take_pending();
        if (over != end && over->first == entry.key) {
            take_pending();
            return true;
        }
        const Found found{content::ResourceValue::decode(entry.value), entry.locator, nullptr};
        resources.push_back(resource_of(kind, content::read_resource_key(entry.key).name, found));
        return true;
    });
    while (over != end) take_pending();
    return resources;
}

void DraftContent::rebase(const VersionRecord& record, const tree::Root& root) {
    version_.record = record;
    version_.root = root;
    pending_.clear();
}

void DraftContent::check_open() const {
    if (closed_) fail(*closed_);
}

std::optional<DraftContent::Found> DraftContent::find_entry(Kind kind, std::string_view name) {
    const std::string key = content::resource_key(kind, name);
    if (const auto over = pending_.find(key); over != pending_.end()) {
        if (!over->second.value) return std::nullopt;
        return Found{content::ResourceValue::decode(*over->second.value), {}, &over->second};
    }
    const auto entry = tree::find(view_.nodes(), version_.root, key);
    if (!entry) return std::nullopt;
    return Found{content::ResourceValue::decode(entry->value), entry->locator, nullptr};
}

std::optional<DraftContent::Located> DraftContent::locate(ResourceId id) {
    const std::string key = content::id_key(id);
    std::string value;
    if (const auto over = pending_.find(key); over != pending_.end()) {
        if (!over->second.value) return std::nullopt;
        value = *over->second.value;
    } else {
        const auto entry = tree::find(view_.nodes(), version_.root, key);
        if (!entry) return std::nullopt;
        value = entry->value;
    }
    const content::ResourceKey read = content::read_id_value(value);
    return Located{read.kind, std::string(read.name)};
}

Resource DraftContent::resource_of(Kind kind, std::string_view name, const Found& found) {
    Document document = found.pending ? DocumentAccess::make(found.pending->payload)
                                      : view_.document(found.value, found.locator);
    return {kind, found.value.id, std::string(name), std::move(document)};
}

void DraftContent::set(std::string key, std::optional<std::string> value, std::string payload) {
    const auto over = pending_.find(key);
    std::optional<std::string> base;
    if (over != pending_.end())
        base = std::move(over->second.base);
    else if (const auto entry = tree::find(view_.nodes(), version_.root, key))
        base = entry->value;

    if (value != base)
        pending_.insert_or_assign(over, std::move(key),
                                  Pending{std::move(value), std::move(payload), std::move(base)});
    else if (over != pending_.end())
        pending_.erase(over);
}

}  // namespace verso::engine
