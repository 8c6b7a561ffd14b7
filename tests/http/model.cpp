#include "http/model.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace verso::http {

namespace {

boost::json::object to_json(const ModelReference& reference) {
    return {{reference.is_id ? "id" : "name", reference.target}};
}

boost::json::object action_document(const ModelResource& action) {
    boost::json::array parameters;
    for (const ModelReference& each : action.parameters)
        parameters.push_back(boost::json::object{{"parameter", to_json(each)}});
    boost::json::array bodies;
    for (const ModelReference& each : action.definitions)
        bodies.push_back(boost::json::object{{"definition", to_json(each)}});
    boost::json::array responses;
    if (action.has_response) responses.push_back(boost::json::object{{"definitions", bodies}});
    const bool has_placeholder = !action.path_name.empty();
    return {{"name", action.name},
            {"type", "http"},
            {"method", "GET"},
            {"path", has_placeholder ? "/a/{{ param." + action.path_name + " }}" : "/a"},
            {"parameters", parameters},
            {"responses", responses},
            {"summary", action.text}};
}

boost::json::object definition_document(const ModelResource& definition) {
    boost::json::array references;
    for (const ModelReference& each : definition.definitions)
        references.push_back(boost::json::object{{"$ref", "#/$defs/" + each.target}});
    const boost::json::object schema{{"title", definition.text}, {"anyOf", references}};
    return {{"name", definition.name},
            {"accept", boost::json::array{definition.media_type}},
            {"schema", boost::json::object{{"contentType", "application/schema+json"},
                                           {"content", boost::json::serialize(schema)}}}};
}

boost::json::object parameter_document(const ModelResource& parameter) {
    return {{"name", parameter.name},
            {"in", parameter.in},
            {"required", parameter.in == "path"},
            {"type", "string"},
            {"x-text", parameter.text}};
}

void rename(ModelReferences& references, const std::string& from, const std::string& to) {
    for (ModelReference& each : references)
        if (!each.is_id && each.target == from) each.target = to;
}

Verdict check_name(const std::string& name) {
    if (name == "latest" || name == "default") return {400, {"name_reserved"}};
    if (name.empty() || name.front() == ' ') return {400, {"name_invalid"}};
    return {};
}

}  // namespace

boost::json::object ModelResource::document(Kind kind) const {
    if (kind == Kind::action) return action_document(*this);
    if (kind == Kind::definition) return definition_document(*this);
    return parameter_document(*this);
}

// What a version holds

const ModelResource* ModelContent::find(const Key& key) const {
    const auto found = resources_.find(key);
    return found == resources_.end() ? nullptr : &found->second;
}

std::vector<ModelContent::Target> ModelContent::targets_of(Kind kind,
                                                           const ModelResource& resource) {
    std::vector<Target> targets;
    if (kind == Kind::parameter) return targets;
    const bool has_bodies = kind == Kind::definition || resource.has_response;
    if (has_bodies)
        for (const ModelReference& each : resource.definitions)
            targets.emplace_back(Kind::definition, each);
    for (const ModelReference& each : resource.parameters)
        targets.emplace_back(Kind::parameter, each);
    return targets;
}

std::optional<ModelContent::Key> ModelContent::find_id(const std::string& id) const {
    for (const auto& [key, resource] : resources_)
        if (resource.id == id) return key;
    return std::nullopt;
}

std::optional<ModelContent::Key> ModelContent::resolve(const Target& target) const {
    const auto& [kind, reference] = target;
    if (!reference.is_id) {
        const Key key{kind, reference.target};
        return resources_.contains(key) ? std::optional(key) : std::nullopt;
    }
    const auto found = find_id(reference.target);
    return found && found->first == kind ? found : std::nullopt;
}

bool ModelContent::all_resolve(Kind kind, const ModelResource& resource) const {
    const auto targets = targets_of(kind, resource);
    return std::all_of(targets.begin(), targets.end(),
                       [&](const Target& target) { return resolve(target).has_value(); });
}

bool ModelContent::has_errors(Kind kind, const ModelResource& resource) const {
    if (!all_resolve(kind, resource)) return true;
    if (kind != Kind::action) return false;
    if (!resource.has_response) return true;
    std::set<std::string> media_types;
    for (const ModelReference& each : resource.definitions)
        if (!media_types.insert(find(*resolve({Kind::definition, each}))->media_type).second)
            return true;
    std::set<std::pair<std::string, std::string>> slots;
    std::set<std::string> path_names;
    for (const ModelReference& each : resource.parameters) {
        const ModelResource& parameter = *find(*resolve({Kind::parameter, each}));
        if (!slots.emplace(parameter.in, parameter.name).second) return true;
        if (parameter.in == "path") path_names.insert(parameter.name);
    }
    std::set<std::string> placeholders;
    if (!resource.path_name.empty()) placeholders.insert(resource.path_name);
    return path_names != placeholders;
}

bool ModelContent::has_errors() const {
    return std::any_of(resources_.begin(), resources_.end(),
                       [&](const auto& each) { return has_errors(each.first.first, each.second); });
}

std::vector<ModelContent::Key> ModelContent::referrers(const Key& target) const {
    std::vector<Key> keys;
    for (const auto& [key, resource] : resources_) {
        const auto targets = targets_of(key.first, resource);
        const bool refers = std::any_of(targets.begin(), targets.end(), [&](const Target& each) {
            return resolve(each) == target;
        });
        if (refers && key != target) keys.push_back(key);
    }
    return keys;
}

void ModelContent::put(Kind kind, const ModelResource& resource) {
    if (!resource.id.empty())
        if (const auto key = find_id(resource.id)) resources_.erase(*key);
    resources_[{kind, resource.name}] = resource;
}

Verdict ModelContent::create(Kind kind, const std::vector<ModelResource>& created) {
    ModelContent after = *this;
    std::set<std::string> conflicts;
    for (const ModelResource& each : created) {
        if (after.find({kind, each.name}) != nullptr) conflicts.insert("name_taken");
        if (!each.id.empty() && (find_id(each.id) || after.find_id(each.id)))
            conflicts.insert("id_taken");
        after.put(kind, each);
    }
    // Where two would have one name or id, a reference may mean either.
    for (const ModelResource& each : created)
        for (const Target& target : targets_of(kind, each))
            if (!after.resolve(target) && !resolve(target)) return {400, {"reference_not_found"}};
    if (!conflicts.empty()) return {409, conflicts};
    *this = std::move(after);
    return {201};
}

Verdict ModelContent::replace(const Key& key, ModelResource wanted) {
    const ModelResource* before = find(key);
    if (before == nullptr) return {404, {"resource_not_found"}};
    std::set<std::string> invalid;
    if (!wanted.id.empty() && wanted.id != before->id) invalid.insert("id_invalid");
    wanted.id = before->id;
    const bool renames = wanted.name != key.second;
    const bool is_taken = renames && find({key.first, wanted.name}) != nullptr;
    ModelContent after = *this;
    after.put(key.first, wanted);
    const bool stays_in_path = before->in == "path" && wanted.in == "path";
    if (renames)
        for (auto& [each, resource] : after.resources_) {
            if (key.first == Kind::definition)
                rename(resource.definitions, key.second, wanted.name);
            if (key.first != Kind::parameter) continue;
            const auto& parameters = resource.parameters;
            const bool uses = std::any_of(
                parameters.begin(), parameters.end(), [&](const ModelReference& reference) {
                    return resolve({Kind::parameter, reference}) == std::optional(key);
                });
            if (uses && stays_in_path && resource.path_name == key.second)
                resource.path_name = wanted.name;
            rename(resource.parameters, key.second, wanted.name);
        }
    if (!after.all_resolve(key.first, *after.find({key.first, wanted.name})))
        invalid.insert("reference_not_found");
    if (!invalid.empty()) return {400, invalid};
    if (is_taken) return {409, {"name_taken"}};
    *this = std::move(after);
    return {200};
}

Verdict ModelContent::erase(Kind kind, const std::set<std::string>& names, bool force) {
    for (const std::string& name : names)
        if (find({kind, name}) == nullptr) return {404, {"resource_not_found"}};
    for (const std::string& name : names)
        for (const auto& [referring_kind, referrer] : referrers({kind, name}))
            if (!force && (referring_kind != kind || !names.contains(referrer)))
                return {412, {"definition_referenced"}};
    for (const std::string& name : names) resources_.erase({kind, name});
    return {204};
}

// A connection

const ModelVersion* ModelConnection::latest() const {
    const ModelVersion* latest = nullptr;
    for (const auto& [name, each] : versions_)
        if (each.is_published() && (latest == nullptr || each.published_at > latest->published_at))
            latest = &each;
    return latest;
}

const ModelVersion* ModelConnection::chosen_or_latest() const {
    return chosen_ ? &versions_.at(*chosen_) : latest();
}

const ModelVersion* ModelConnection::find(const std::string& name) const {
    if (name == "latest") return latest();
    if (name == "default") return chosen_or_latest();
    const auto found = versions_.find(name);
    return found == versions_.end() ? nullptr : &found->second;
}

Verdict ModelConnection::create(const std::string& name, const std::optional<std::string>& from) {
    if (const Verdict verdict = check_name(name); !verdict.is_success()) return verdict;
    if (versions_.contains(name)) return {409, {"name_taken"}};
    const ModelVersion* source = from ? find(*from) : nullptr;
    if (from && source == nullptr) return {400, {"from_version_not_found"}};
    ModelVersion version{.name = name};
    if (source != nullptr) version.content = source->content;
    version.is_touched = true;
    versions_.emplace(name, std::move(version));
    return {201};
}

Verdict ModelConnection::update(const std::string& name, const ModelUpdate& update) {
    ModelVersion* version = find(name);
    if (version == nullptr) return {404, {"version_not_found"}};
    if (update.name)
        if (const Verdict verdict = check_name(*update.name); !verdict.is_success()) return verdict;
    const bool renames = update.name && *update.name != version->name;
    const bool describes = update.description && *update.description != version->description;
    const bool is_default = chosen_or_latest() == version;
    const bool chooses = update.is_default && *update.is_default != is_default;
    std::set<std::string> conflicts;
    if (renames && version->is_published()) conflicts.insert("version_published");
    if (chooses && !version->is_published()) conflicts.insert("version_not_published");
    if (renames && versions_.contains(*update.name)) conflicts.insert("name_taken");
    if (!conflicts.empty()) return {409, conflicts};
    const bool clears = chooses && !*update.is_default && chosen_ == version->name;
    if (describes) version->description = *update.description;
    if (chooses && *update.is_default) chosen_ = version->name;
    if (clears) chosen_.reset();
    if (renames || describes || clears || (chooses && *update.is_default)) touch(*version);
    if (renames) {
        auto node = versions_.extract(version->name);
        node.key() = node.mapped().name = *update.name;
        versions_.insert(std::move(node));
    }
    return {200};
}

Verdict ModelConnection::erase(const std::string& name, bool force) {
    const ModelVersion* version = find(name);
    if (version == nullptr) return {404, {"version_not_found"}};
    if (version->is_published() && !force) return {409, {"version_published"}};
    if (version->is_published() && version->description == in_use) return {409, {"version_in_use"}};
    forget_choice(*version);
    versions_.erase(std::string(version->name));
    return {204};
}

Verdict ModelConnection::publish(const std::string& name) {
    ModelVersion* version = find(name);
    if (version == nullptr) return {404, {"version_not_found"}};
    if (version->is_published()) return {200};
    if (version->content.has_errors()) return {409, {"version_invalid"}};
    version->published_at = "~";  // later than any, until the store has told when
    touch(*version);
    return {200};
}

Verdict ModelConnection::unpublish(const std::string& name) {
    ModelVersion* version = find(name);
    if (version == nullptr) return {404, {"version_not_found"}};
    if (!version->is_published()) return {200};
    if (version->description == in_use) return {409, {"version_in_use"}};
    forget_choice(*version);
    version->published_at.clear();
    touch(*version);
    return {200};
}

}  // namespace verso::http
