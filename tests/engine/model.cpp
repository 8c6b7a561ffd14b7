#include "engine/model.hpp"

#include <verso/domain/names.hpp>

#include "domain/document_access.hpp"

#include <algorithm>
#include <tuple>

namespace verso::engine {

namespace {

Document text_document(const std::string& text) { return DocumentAccess::make(text); }

/// The one that was published last.
const ModelVersion* find_latest(const ModelConnection& connection) {
    const ModelVersion* latest = nullptr;
    for (const auto& [name, each] : connection.versions)
        if (each.answered.published_at &&
            (!latest || *each.answered.published_at > *latest->answered.published_at))
            latest = &each;
    return latest;
}

const ModelVersion* find_default(const ModelConnection& connection) {
    for (const auto& [name, each] : connection.versions)
        if (each.answered.id == connection.chosen) return &each;
    return find_latest(connection);
}

}  // namespace

Failing ModelContent::put(const Key& key, std::optional<ResourceId>& id, const std::string& text,
                          ResourceId fresh) {
    const auto named = resources_.find(key);
    const auto located = id ? find(*id) : std::nullopt;
    if (located && located->first != key.first) return Errc::id_taken;
    if (id && named != resources_.end() && named->second.id != *id)
        return located ? Errc::name_taken : Errc::id_invalid;
    if (located) resources_.erase(*located);
    if (!id) id = named != resources_.end() ? named->second.id : fresh;
    resources_[key] = {*id, text};
    return std::nullopt;
}

Failing ModelContent::erase(const Key& key) {
    return resources_.erase(key) == 0 ? Failing(Errc::resource_not_found) : std::nullopt;
}

std::vector<Resource> ModelContent::list(Kind kind) const {
    std::vector<Resource> list;
    for (const auto& [key, each] : resources_)
        if (key.first == kind)
            list.push_back({kind, each.id, key.second, text_document(each.text)});
    return list;
}

std::vector<Change> ModelContent::compare(const ModelContent& to) const {
    std::vector<Change> changes;
    const auto same = [](const ModelContent& content, Kind kind, ResourceId id) {
        const auto found = content.find(id);
        return found && found->first == kind ? found : std::nullopt;
    };
    for (const auto& [key, before] : resources_) {
        if (same(to, key.first, before.id)) continue;
        changes.push_back({.type = ChangeType::removed,
                           .kind = key.first,
                           .id = before.id,
                           .name = key.second,
                           .before = text_document(before.text)});
    }
    for (const auto& [key, after] : to.resources_) {
        Change change{.type = ChangeType::added,
                      .kind = key.first,
                      .id = after.id,
                      .name = key.second,
                      .after = text_document(after.text)};
        if (const auto old = same(*this, key.first, after.id)) {
            const ModelResource& before = resources_.at(*old);
            if (*old == key && before.text == after.text) continue;
            change.type = *old == key ? ChangeType::changed : ChangeType::renamed;
            if (*old != key) change.old_name = old->second;
            change.before = text_document(before.text);
        }
        changes.push_back(std::move(change));
    }
    const auto rank = [](const Change& change) {
        return std::tuple(change.kind, change.name, change.type != ChangeType::removed);
    };
    std::ranges::sort(changes, {}, rank);
    return changes;
}

std::optional<ModelContent::Key> ModelContent::find(ResourceId id) const {
    for (const auto& [key, each] : resources_)
        if (each.id == id) return key;
    return std::nullopt;
}

Failing Model::create_connection(ConnectionId id, OrganisationId organisation,
                                 const std::string& name) {
    for (const auto& [known, each] : connections_)
        if (each.answered.organisation == organisation && each.answered.name == name)
            return Errc::name_taken;
    connections_[id].answered = {id, organisation, name, {}, now_, now_};
    return std::nullopt;
}

Failing Model::update_connection(ConnectionId id, const std::string& name,
                                 const Document& properties) {
    ModelConnection* changed = connection(id);
    if (!changed) return Errc::connection_not_found;
    Connection& answered = changed->answered;
    for (const auto& [known, each] : connections_)
        if (known != id && each.answered.organisation == answered.organisation &&
            each.answered.name == name)
            return Errc::name_taken;
    if (answered.name == name && answered.properties == properties) return std::nullopt;
    answered.name = name;
    answered.properties = properties;
    answered.updated_at = std::max(answered.updated_at, now_);
    return std::nullopt;
}

Failing Model::delete_connection(ConnectionId id, bool force) {
    flush();
    const ModelConnection* gone = connection(id);
    if (!gone) return Errc::connection_not_found;
    if (!gone->versions.empty() && !force) return Errc::connection_has_versions;
    connections_.erase(id);
    return std::nullopt;
}

Failing Model::create_version(ConnectionId id, const NewVersion& version) {
    flush();
    ModelConnection* in = connection(id);
    if (!in) return Errc::connection_not_found;
    if (const Failing failing = check_free(*in, version.name)) return failing;
    const ModelVersion* source = version.from_version ? find({id, *version.from_version}) : nullptr;
    if (version.from_version && !source) return Errc::from_version_not_found;
    ModelVersion made;
    made.content = source ? source->content : std::make_shared<const ModelContent>();
    made.answered.name = version.name;
    made.answered.description = version.description;
    made.answered.revision = 0;
    touch(*in, made);
    made.answered.created_at = made.answered.updated_at;
    in->versions[version.name] = std::move(made);
    return std::nullopt;
}

Failing Model::update_version(const VersionKey& key, const VersionUpdate& update) {
    flush();
    if (const Failing failing = check_version(key)) return failing;
    ModelConnection& in = *connection(key.connection);
    ModelVersion& version = *find(key);
    ConnectionVersion& answered = version.answered;
    const ModelVersion* shown = find_default(in);
    const bool is_default = shown == &version;
    const bool renames = update.name && *update.name != answered.name;
    const bool describes = update.description && *update.description != answered.description;
    const bool chooses = update.is_default == true && !is_default;
    const bool clears = update.is_default == false && in.chosen == answered.id;
    if (renames && answered.published_at) return Errc::version_published;
    if (renames)
        if (const Failing failing = check_free(in, *update.name)) return failing;
    if (chooses && !answered.published_at) return Errc::version_not_published;
    if (describes) answered.description = *update.description;
    if (chooses) in.chosen = answered.id;
    if (clears) in.chosen.reset();
    if (renames || describes || chooses || clears) touch(in, version);
    if (renames) {
        auto node = in.versions.extract(answered.name);
        node.key() = node.mapped().answered.name = *update.name;
        in.versions.insert(std::move(node));
    }
    return std::nullopt;
}

Failing Model::publish(const VersionKey& key) {
    flush();
    if (const Failing failing = check_version(key)) return failing;
    ModelConnection& in = *connection(key.connection);
    ModelVersion& version = *find(key);
    if (version.answered.published_at) return std::nullopt;
    const Timestamp now = std::max(now_, in.answered.updated_at);
    in.last_published = std::max(now, in.last_published + std::chrono::milliseconds{1});
    version.answered.published_at = in.last_published;
    touch(in, version);
    return std::nullopt;
}

Failing Model::delete_version(const VersionKey& key, bool force) {
    flush();
    if (const Failing failing = check_version(key)) return failing;
    ModelConnection& in = *connection(key.connection);
    const ConnectionVersion gone = find(key)->answered;
    if (gone.published_at && !force) return Errc::version_published;
    if (in.chosen == gone.id) in.chosen.reset();
    in.answered.updated_at = std::max(now_, in.answered.updated_at);
    in.versions.erase(gone.name);
    return std::nullopt;
}

Failing Model::check_draft(const VersionKey& key) {
    if (const Failing failing = check_version(key)) return failing;
    return find(key)->answered.published_at ? Failing(Errc::version_published) : std::nullopt;
}

ModelContent Model::draft(const VersionKey& key) {
    const ModelVersion& version = *find(key);
    return version.pending ? *version.pending : *version.content;
}

void Model::set_draft(const VersionKey& key, ModelContent content) {
    find(key)->pending = std::make_shared<const ModelContent>(std::move(content));
}

void Model::flush() {
    for (auto& [id, connection] : connections_)
        for (auto& [name, version] : connection.versions) {
            const auto pending = std::exchange(version.pending, nullptr);
            if (!pending || *pending == *version.content) continue;
            version.content = pending;
            touch(connection, version);
        }
}

ModelVersion* Model::find(const VersionKey& key) {
    ModelConnection* in = connection(key.connection);
    if (!in) return nullptr;
    if (key.name == "latest") return const_cast<ModelVersion*>(find_latest(*in));
    if (key.name == "default") return const_cast<ModelVersion*>(find_default(*in));
    const auto found = in->versions.find(std::string(key.name));
    return found == in->versions.end() ? nullptr : &found->second;
}

std::vector<ConnectionVersion> Model::list(ConnectionId id) const {
    const ModelConnection& in = connections_.at(id);
    const ModelVersion* latest = find_latest(in);
    const ModelVersion* chosen = find_default(in);
    std::vector<ConnectionVersion> list;
    for (const auto& [name, each] : in.versions) {
        ConnectionVersion answered = each.answered;
        answered.is_latest = &each == latest;
        answered.is_default = &each == chosen;
        list.push_back(std::move(answered));
    }
    std::ranges::sort(list, std::ranges::greater{}, [](const ConnectionVersion& version) {
        return std::pair(version.updated_at, version.id);
    });
    return list;
}

ModelConnection* Model::connection(ConnectionId id) {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : &found->second;
}

Failing Model::check_version(const VersionKey& key) {
    if (!connection(key.connection)) return Errc::connection_not_found;
    return find(key) ? std::nullopt : Failing(Errc::version_not_found);
}

Failing Model::check_free(const ModelConnection& connection, const std::string& name) const {
    if (const auto checked = check_version_name(name); !checked) return checked.error().code;
    return connection.versions.contains(name) ? Failing(Errc::name_taken) : std::nullopt;
}

void Model::touch(ModelConnection& connection, ModelVersion& version) {
    connection.answered.updated_at = std::max(connection.answered.updated_at, now_);
    version.answered.updated_at = connection.answered.updated_at;
    ++version.answered.revision;
}

}  // namespace verso::engine
