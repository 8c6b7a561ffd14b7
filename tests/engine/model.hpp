// What a store should hold, as maps of maps: the rules of connections, versions and resources in
// their simplest form. Each operation answers the code that it fails with, if it fails, and then
// changes nothing.
#pragma once

#include <verso/transaction.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verso::engine {

using Failing = std::optional<Errc>;

struct ModelResource {
    ResourceId id;
    std::string text;

    friend bool operator==(const ModelResource&, const ModelResource&) = default;
};

/// The resources of a version.
class ModelContent {
public:
    using Key = std::pair<Kind, std::string>;

    /// Puts a document; `fresh` is the id that a new resource gets when it is put without one. `id`
    /// becomes that of the resource.
    Failing put(const Key& key, std::optional<ResourceId>& id, const std::string& text,
                ResourceId fresh);
    Failing erase(const Key& key);

    [[nodiscard]] const std::map<Key, ModelResource>& resources() const noexcept {
        return resources_;
    }
    [[nodiscard]] std::vector<Resource> list(Kind kind) const;
    /// What turns this content into `to`.
    [[nodiscard]] std::vector<Change> compare(const ModelContent& to) const;

    friend bool operator==(const ModelContent&, const ModelContent&) = default;

private:
    [[nodiscard]] std::optional<Key> find(ResourceId id) const;

    std::map<Key, ModelResource> resources_;
};

struct ModelVersion {
    ConnectionVersion answered;  ///< but for isLatest and isDefault
    std::shared_ptr<const ModelContent> content;
    std::shared_ptr<const ModelContent>
        pending;  ///< of a draft that is being edited; none: nothing
};

struct ModelConnection {
    Connection answered;
    std::map<std::string, ModelVersion> versions;
    std::optional<VersionId> chosen;
    Timestamp last_published{};
};

class Model {
public:
    /// The time of the changes that follow.
    void set_now(Timestamp now) noexcept { now_ = now; }

    Failing create_connection(ConnectionId id, OrganisationId organisation,
                              const std::string& name);
    Failing update_connection(ConnectionId id, const std::string& name, const Document& properties);
    Failing delete_connection(ConnectionId id, bool force);

    Failing create_version(ConnectionId connection, const NewVersion& version);
    Failing update_version(const VersionKey& key, const VersionUpdate& update);
    Failing publish(const VersionKey& key);
    Failing delete_version(const VersionKey& key, bool force);

    /// Whether the version can be edited.
    [[nodiscard]] Failing check_draft(const VersionKey& key);
    /// What the draft holds, pending edits included.
    [[nodiscard]] ModelContent draft(const VersionKey& key);
    void set_draft(const VersionKey& key, ModelContent content);
    /// Commits what is pending.
    void flush();

    /// By name or alias.
    [[nodiscard]] ModelVersion* find(const VersionKey& key);
    [[nodiscard]] std::map<ConnectionId, ModelConnection>& connections() noexcept {
        return connections_;
    }
    /// As the store lists them.
    [[nodiscard]] std::vector<ConnectionVersion> list(ConnectionId connection) const;

private:
    [[nodiscard]] ModelConnection* connection(ConnectionId id);
    [[nodiscard]] Failing check_version(const VersionKey& key);
    [[nodiscard]] Failing check_free(const ModelConnection& connection,
                                     const std::string& name) const;
    void touch(ModelConnection& connection, ModelVersion& version);

    Timestamp now_{};
    std::map<ConnectionId, ModelConnection> connections_;
};

}  // namespace verso::engine
