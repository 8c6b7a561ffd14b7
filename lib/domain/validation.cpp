#include "domain/validation.hpp"

#include "domain/budget.hpp"
#include "domain/path_placeholders.hpp"
#include "domain/resource_references.hpp"
#include "domain/schema_references.hpp"
#include "domain/shapes.hpp"
#include "domain/utf8.hpp"

#include <algorithm>
#include <utility>

namespace verso {

namespace {

constexpr std::size_t max_findings = 100;

std::string normalized(std::string_view media_type) {
    media_type = media_type.substr(0, media_type.find(';'));
    std::string text;
    for (const char c : media_type)
        if (c != ' ' && c != '\t') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

MediaTypes media_types(JsonView definition) {
    MediaTypes types;
    if (const auto accept = definition.find("accept"))
        for (const JsonView type : accept->elements())
            if (type.is_string()) types.insert(normalized(type.string()));
    return types;
}

Slot slot_of(JsonView parameter) { return {parameter.find("in")->string(), wire_name(parameter)}; }

std::string quoted(std::string_view text) { return '"' + shortened(text) + '"'; }

class Validator {
public:
    Validator(Kind kind, JsonView root, Surroundings& surroundings)
        : kind_(kind),
          root_(root),
          surroundings_(surroundings),
          compared_(root.text().size(), std::size_t{1024} * 1024) {}

    std::vector<Finding> run() && {
        check_references();
        if (kind_ == Kind::action) {
            const auto action = shape<Action>();
            check_operation(action);
            if (!is_too_much_) check_path(action);
        } else if (kind_ == Kind::trigger) {
            check_operation(shape<Trigger>());
        } else if (kind_ == Kind::definition) {
            check_schema(shape<Definition>().schema);
        }
        return std::move(findings_);
    }

private:
    template <class Shape>
    Shape shape() const {
        Findings ignored;
        return read_shape<Shape>(root_, ignored);
    }

    void add(std::string field, std::string message, Severity severity = Severity::error) {
        if (findings_.size() < max_findings)
            findings_.push_back({std::move(field), std::move(message), severity});
    }

    /// Whether so many bytes more may be compared; says so, once, if not.
    bool may_compare(const std::string& at, std::size_t bytes) {
        if (!is_too_much_ && !compared_.take(bytes)) {
            is_too_much_ = true;
            add(at,
                "is as far as this document was compared with what it refers to, whose names or "
                "media types are too long to be compared so often; refer to fewer, or shorten "
                "them");
        }
        return !is_too_much_;
    }

    void check_references() {
        for (const ReferenceSite& site : references_of(kind_, root_))
            if (!surroundings_.resolve(site.target, site.reference))
                add(site.pointer, leads_nowhere(site));
    }

    template <class Operation>
    void check_operation(const Operation& operation) {
        check_parameters(operation.parameters);
        if (operation.request_body)
            check_bodies(operation.request_body->definitions, "/requestBody/definitions");
        if (operation.responses.empty()) add("/responses", "is empty; give at least one response");
        std::set<std::optional<int>> statuses;
        for (std::size_t i = 0; i < operation.responses.size(); ++i) {
            const Response& response = operation.responses[i];
            const std::string at = "/responses/" + std::to_string(i);
            if (!statuses.insert(response.status).second)
                add(response.status ? at + "/status" : at,
                    response.status
                        ? "is the second response with status " + std::to_string(*response.status)
                        : "is the second default response; give it a status");
            check_bodies(response.definitions, at + "/definitions");
        }
    }

    void check_bodies(const std::vector<Body>& bodies, const std::string& at) {
        if (bodies.size() < 2) return;
        std::map<std::string, std::size_t> first_with;  // a media type
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            const auto id = surroundings_.resolve(Kind::definition, bodies[i].definition);
            if (!id) continue;
            const std::string place = at + "/" + std::to_string(i);
            for (const std::string& type : surroundings_.media_types_of(*id)) {
                if (!may_compare(place, type.size())) return;
                const auto [first, is_new] = first_with.emplace(type, i);
                if (is_new) continue;
                add(place, "has the media type " + quoted(type) + ", as definition " +
                               std::to_string(first->second) +
                               " of the same body has; one of the two has to go");
                break;
            }
        }
    }

    void check_parameters(const std::vector<ParameterUse>& parameters) {
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const std::string at = "/parameters/" + std::to_string(i);
            const auto slot = resolve_slot(parameters[i]);
            if (!slot) continue;
            if (!may_compare(at, slot->name.size())) return;
            if (kind_ == Kind::trigger && slot->in == "path")
                add(at, "is in the path, which a trigger has not; use cookie, header or query");
            if (!slots_.emplace(*slot, i).second)
                add(at, "is the second parameter " + quoted(slot->name) + " in " + slot->in);
        }
    }

    std::optional<Slot> resolve_slot(const ParameterUse& use) {
        if (const auto* own = std::get_if<InlineParameter>(&use))
            return Slot{std::string(to_string(own->in)), own->name};
        const Reference& reference = std::get<SharedParameter>(use).parameter;
        const auto id = surroundings_.resolve(Kind::parameter, reference);
        if (!id) return std::nullopt;
        return surroundings_.slot_of(*id);
    }

    void check_path(const Action& action) {
        std::set<std::string> named;
        for (const std::string_view name : placeholders(action.path)) named.emplace(name);
        for (const std::string& name : named)
            if (!slots_.contains({"path", name}))
                add("/path", "has {{ param." + shortened(name) +
                                 " }}, but there is no path parameter " + quoted(name));
        for (const auto& [slot, index] : slots_)
            if (slot.in == "path" && !named.contains(slot.name))
                add("/parameters/" + std::to_string(index),
                    "is in the path, but the path has no {{ param." + shortened(slot.name) + " }}");
    }

    void check_schema(const Schema& schema) {
        if (normalized(schema.content_type).find("json") == std::string::npos) return;
        const auto json = compact_json(schema.content, schema_limits);
        if (json) return;
        std::string message = "is no JSON, as its content type says: " + json.error().message;
        if (json.error().code == Errc::limit_exceeded)
            message =
                "nests deeper than " + std::to_string(schema_limits.max_depth) +
                " levels, so that the Definitions that it refers to are not known; flatten it";
        add("/schema/content", std::move(message), Severity::warning);
    }

    Kind kind_;
    JsonView root_;
    Surroundings& surroundings_;
    std::vector<Finding> findings_;
    Budget compared_;
    bool is_too_much_ = false;
    std::map<Slot, std::size_t> slots_;  // to the index of the first parameter there
};

}  // namespace

// What rules ask of other resources

const Slot& Surroundings::slot_of(ResourceId parameter) {
    const auto known = slots_.find(parameter);
    if (known != slots_.end()) return known->second;
    const ParsedJson document(document_of(Kind::parameter, parameter));
    Slot slot = verso::slot_of(document.root());
    keep(slot.in.size() + slot.name.size());
    return slots_.emplace(parameter, std::move(slot)).first->second;
}

const MediaTypes& Surroundings::media_types_of(ResourceId definition) {
    const auto known = media_types_.find(definition);
    if (known != media_types_.end()) return known->second;
    const ParsedJson document(document_of(Kind::definition, definition));
    MediaTypes types = media_types(document.root());
    std::size_t bytes = 0;
    for (const std::string& type : types) bytes += sizeof(std::string) + type.size();
    keep(bytes);
    return media_types_.emplace(definition, std::move(types)).first->second;
}

/// Makes room for so much more, and for what it takes to keep it.
void Surroundings::keep(std::size_t bytes) {
    constexpr std::size_t at_most = std::size_t{64} * 1024 * 1024;
    kept_bytes_ += sizeof(Slot) + bytes;
    if (kept_bytes_ <= at_most) return;
    slots_.clear();
    media_types_.clear();
    kept_bytes_ = sizeof(Slot) + bytes;
}

// The rules

std::vector<Finding> validate(Kind kind, JsonView document, Surroundings& surroundings) {
    return Validator(kind, document, surroundings).run();
}

std::vector<Finding> validate(Kind kind, std::string_view document, Surroundings& surroundings) {
    const Outline outline(document);
    return validate(kind, outline.root(document), surroundings);
}

bool has_errors(const std::vector<Finding>& findings) noexcept {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.severity == Severity::error; });
}

bool means_the_same(Kind kind, std::string_view before, std::string_view after) {
    const Outline old_outline(before);
    const Outline new_outline(after);
    const JsonView old_root = old_outline.root(before);
    const JsonView new_root = new_outline.root(after);
    if (kind == Kind::definition) return media_types(old_root) == media_types(new_root);
    return slot_of(old_root) == slot_of(new_root);
}

}  // namespace verso
