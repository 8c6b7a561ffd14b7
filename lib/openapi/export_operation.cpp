#include "openapi/export_operation.hpp"

#include "domain/failure.hpp"
#include "openapi/names.hpp"
#include "openapi/paths.hpp"

#include <algorithm>
#include <set>

namespace verso::openapi {

namespace {

/// The method as the member of a path item.
std::string method_of(const HeldResource& resource) {
    std::string method = text_of(resource.root(), "method");
    for (char& c : method)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (contains({"get", "put", "post", "delete", "options", "head", "patch", "trace"}, method))
        return method;
    fail(Errc::version_invalid, std::string(to_string(resource.kind)) + " \"" + resource.name +
                                    "\" has the method " + text_of(resource.root(), "method") +
                                    ", which OpenAPI 3 does not know; give it another one, or "
                                    "delete it, to export the version");
}

/// Whether an operation of the kind takes parameters from there.
bool takes(const ExportedOperation& operation, std::string_view in) {
    return in != (operation.is_action() ? "cookie" : "path");
}

/// What an operation says of parameters.
class Declared {
public:
    explicit Declared(const ExportedOperation* operation) : operation_(*operation) {
        for (const RestoredParameter& parameter : operation_.parameters)
            identities_.insert(parameter.identity);
    }
    /// Whether it has a parameter that a path item declares, or can have none like it.
    [[nodiscard]] bool covers(std::string_view in, const std::string* identity) const {
        return !takes(operation_, in) || identities_.contains(identity);
    }

private:
    const ExportedOperation& operation_;
    std::set<const std::string*> identities_;
};

bool is_inherited(const RestoredParameter& parameter, const InheritedParameters& inherited) {
    return parameter.inherited &&
           inherited.canonical_texts.contains(canonical_text(ParsedJson(parameter.text).root()));
}

/// `parameters`, those that were kept for being no parameters of an Action or a Trigger among them,
/// where they stood. Nothing where there are none.
std::optional<std::string> parameter_list(const ExportedOperation& operation,
                                          const InheritedParameters& inherited) {
    std::vector<std::string_view> own;
    for (const RestoredParameter& parameter : operation.parameters)
        if (!is_inherited(parameter, inherited)) own.push_back(parameter.text);
    JsonWriter json;
    json.begin_array();
    std::size_t count = 0;
    auto next = own.begin();
    const auto add_own_up_to = [&](std::size_t position) {
        for (; next != own.end() && count < position; ++next, ++count) json.raw(*next);
    };
    if (const auto kept = find_note(operation.document(), "parameters", JsonType::array))
        for (const JsonView element : kept->elements()) {
            const auto parameter = element.find("parameter");
            const auto position = element.find("position");
            const auto at = position && position->is_number() ? position->integer() : std::nullopt;
            if (!parameter) continue;
            add_own_up_to(static_cast<std::size_t>(std::max<std::int64_t>(at.value_or(0), 0)));
            json.raw(parameter->text());
            ++count;
        }
    add_own_up_to(count + own.size());
    json.end_array();
    if (count == 0) return std::nullopt;
    return std::move(json).take();
}

}  // namespace

std::string OperationWriter::path_of(const HeldResource& action) const {
    const std::string written = text_of(action.root(), "path");
    if (const auto noted = find_note(action.root(), "path", JsonType::string))
        if (to_action_path(noted->string()) == written) return noted->string();
    std::string path = from_action_path(written);
    if (!imported_ && !path.starts_with('/')) path.insert(0, 1, '/');
    return path;
}

ExportedOperation OperationWriter::make(const HeldResource& resource, std::string place) {
    ExportedOperation operation{.resource = &resource,
                                .method = method_of(resource),
                                .place = std::move(place),
                                .expression = {}};
    operation.complete = !imported_ || (!has_made_up_name(operation) &&
                                        text_of(resource.root(), "operationId").empty());
    std::set<std::string_view> in_path;
    if (operation.is_action())
        for (const std::string_view name : path_parameters(operation.place)) in_path.insert(name);
    if (const auto listed = resource.root().find("parameters"))
        for (const JsonView element : listed->elements())
            if (auto restored = parameters_.restore(resource, element, in_path, operation.complete))
                operation.parameters.push_back(std::move(*restored));
    return operation;
}

InheritedParameters OperationWriter::inherited(
    JsonView listed, const std::vector<const ExportedOperation*>& operations) {
    InheritedParameters inherited;
    const std::vector<Declared> declared(operations.begin(), operations.end());
    for (const JsonView element : listed.elements()) {
        const auto facts = operations.empty() ? std::nullopt : parameters_.read(element.text());
        const std::string* const identity = facts ? parameters_.identity_of(*facts) : nullptr;
        const bool holds_for_all =
            !facts || std::ranges::all_of(declared, [&](const Declared& operation) {
                return operation.covers(facts->in, identity);
            });
        if (!holds_for_all) continue;
        inherited.elements.push_back(element);
        if (!operations.empty()) inherited.canonical_texts.insert(canonical_text(element));
    }
    return inherited;
}

bool OperationWriter::has_made_up_name(const ExportedOperation& operation) const {
    const auto key = find_note(operation.document(), "key", JsonType::string);
    const std::string original = key ? key->string() : operation.resource->name;
    return original == operation_name(operation.method, operation.place) &&
           is_name_of(content_, *operation.resource, original);
}

/// None: what is there, or not there, stays.
std::optional<std::string> OperationWriter::new_operation_id(
    const ExportedOperation& operation) const {
    const std::string id = text_of(operation.document(), "operationId");
    const bool stays = id.empty() ? imported_ && has_made_up_name(operation)
                                  : is_name_of(content_, *operation.resource, id);
    return stays ? std::nullopt : std::optional(operation.resource->name);
}

std::string OperationWriter::write(const ExportedOperation& operation,
                                   const InheritedParameters& inherited,
                                   const std::optional<std::string>& callbacks) const {
    const MemberNames leading{"tags", "summary", "description", "externalDocs", "operationId"};
    const MemberNames shape{"name",       "type",        "method",    "path",
                            "parameters", "requestBody", "responses", "openapi"};
    const JsonView document = operation.document();
    Members made;
    if (const auto parameters = parameter_list(operation, inherited))
        made.add("parameters", *parameters);
    if (const auto body = document.find("requestBody"); body && body->is_object())
        made.add("requestBody", bodies_.request(*operation.resource, *body, operation.complete));
    if (document.find("responses") || operation.complete)
        made.add("responses", bodies_.responses(*operation.resource, operation.complete));
    if (callbacks) made.add("callbacks", *callbacks);
    Members members;
    if (const auto id = new_operation_id(operation)) members.add_string("operationId", *id);
    copy_source(members, document, {shape, leading}, made);
    add_displaced(members, document);
    return members.text();
}

}  // namespace verso::openapi
