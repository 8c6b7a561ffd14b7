// What the rules say that a connection holds, in plain maps: its versions, and of their resources
// Actions, Definitions and Parameters. Everything that follows from something else (latest,
// default, errors, referrers) is worked out anew from all that there is, by the plainest way.
//
// A change answers what a request for it has to be answered with, and is made only where that is a
// success. Ids and times are the store's to give: they are taken over from its answers.
#pragma once

#include <verso/domain/kind.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace verso::http {

/// What a request is to be answered with.
struct Verdict {
    unsigned status = 200;
    std::set<std::string> codes = {};  ///< Of an error: one of these.

    [[nodiscard]] bool is_success() const noexcept { return status < 400; }
};

struct ModelReference {
    bool is_id = false;
    std::string target;

    friend bool operator==(const ModelReference&, const ModelReference&) = default;
};
using ModelReferences = std::vector<ModelReference>;

/// A resource. Which members count is a matter of its kind.
struct ModelResource {
    std::string id = {};
    std::string name = {};
    std::string text = {};             ///< Any.
    std::string media_type = {};       ///< Of a Definition.
    std::string in = {};               ///< Of a Parameter.
    std::string path_name = {};        ///< Of an Action: x in `{{ param.x }}`.
    bool has_response = true;          ///< Of an Action.
    ModelReferences definitions = {};  ///< Of an Action its response's, of a Definition `$ref`s.
    ModelReferences parameters = {};   ///< Of an Action.

    friend bool operator==(const ModelResource&, const ModelResource&) = default;

    /// Its document, without what is the library's.
    [[nodiscard]] boost::json::object document(Kind kind) const;
};

/// What a version holds.
class ModelContent {
public:
    using Key = std::pair<Kind, std::string>;

    [[nodiscard]] const std::map<Key, ModelResource>& resources() const noexcept {
        return resources_;
    }
    [[nodiscard]] const ModelResource* find(const Key& key) const;
    [[nodiscard]] bool has_errors(Kind kind, const ModelResource& resource) const;
    [[nodiscard]] bool has_errors() const;
    /// Those that refer to it, but itself.
    [[nodiscard]] std::vector<Key> referrers(const Key& target) const;

    /// Resources that have an id keep it.
    Verdict create(Kind kind, const std::vector<ModelResource>& created);
    /// `wanted` with an id claims that it is the resource's.
    Verdict replace(const Key& key, ModelResource wanted);
    Verdict erase(Kind kind, const std::set<std::string>& names, bool force);
    void set_id(const Key& key, std::string id) { resources_.at(key).id = std::move(id); }

    friend bool operator==(const ModelContent&, const ModelContent&) = default;

private:
    using Target = std::pair<Kind, ModelReference>;

    [[nodiscard]] static std::vector<Target> targets_of(Kind kind, const ModelResource& resource);
    [[nodiscard]] std::optional<Key> resolve(const Target& target) const;
    [[nodiscard]] std::optional<Key> find_id(const std::string& id) const;
    [[nodiscard]] bool all_resolve(Kind kind, const ModelResource& resource) const;
    void put(Kind kind, const ModelResource& resource);

    std::map<Key, ModelResource> resources_;
};

struct ModelVersion {
    std::string id = {};
    std::string name = {};
    std::string description = {};
    std::string created_at = {};
    std::string updated_at = {};
    std::string published_at = {};  ///< Empty: a draft.
    std::uint64_t revision = 1;
    ModelContent content = {};
    bool is_touched = false;  ///< Changed since its times were taken over.

    [[nodiscard]] bool is_published() const noexcept { return !published_at.empty(); }
};

/// Which members of a version change.
struct ModelUpdate {
    std::optional<std::string> name = {};
    std::optional<std::string> description = {};
    std::optional<bool> is_default = {};
};

/// Versions described so are in use by the host.
inline constexpr const char* in_use = "in use";

class ModelConnection {
public:
    [[nodiscard]] const std::map<std::string, ModelVersion>& versions() const noexcept {
        return versions_;
    }
    /// By name, or `latest` or `default`.
    [[nodiscard]] const ModelVersion* find(const std::string& name) const;
    [[nodiscard]] ModelVersion* find(const std::string& name) {
        return const_cast<ModelVersion*>(std::as_const(*this).find(name));
    }
    [[nodiscard]] const ModelVersion* latest() const;
    [[nodiscard]] const ModelVersion* chosen_or_latest() const;

    Verdict create(const std::string& name, const std::optional<std::string>& from);
    Verdict update(const std::string& name, const ModelUpdate& update);
    Verdict erase(const std::string& name, bool force);
    Verdict publish(const std::string& name);
    Verdict unpublish(const std::string& name);

    /// Runs `change(content)`, which answers a Verdict, on what a version holds.
    template <class Change>
    Verdict edit(const std::string& name, const Change& change) {
        ModelVersion* version = find(name);
        if (version == nullptr) return {404, {"version_not_found"}};
        ModelContent content = version->content;
        const Verdict verdict = change(content);
        const bool precedes =
            verdict.status == 400 || verdict.status == 404 || verdict.status == 412;
        if (version->is_published() && !precedes) return {409, {"version_published"}};
        if (verdict.is_success() && content != version->content) {
            version->content = std::move(content);
            touch(*version);
        }
        return verdict;
    }

private:
    static void touch(ModelVersion& version) {
        ++version.revision;
        version.is_touched = true;
    }
    void forget_choice(const ModelVersion& version) {
        if (chosen_ == version.name) chosen_.reset();
    }

    std::map<std::string, ModelVersion> versions_;
    std::optional<std::string> chosen_;  // the name: a published version keeps it
};

}  // namespace verso::http
