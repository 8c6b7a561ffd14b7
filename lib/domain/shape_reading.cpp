#include <verso/domain/names.hpp>

#include "domain/json_value.hpp"
#include "domain/shapes.hpp"

#include <algorithm>
#include <array>

namespace verso {

namespace {

using enum ParameterLocation;

constexpr std::array action_locations{path, query, header};
constexpr std::array trigger_locations{cookie, header, query};
constexpr std::array parameter_types{ParameterType::string, ParameterType::number,
                                     ParameterType::integer, ParameterType::boolean};

std::optional<ResourceId> read_id(ObjectReader& object) {
    const auto text = object.optional_string("id");
    if (!text) return std::nullopt;
    const auto id = parse_id<ResourceId>(*text);
    if (id) return *id;
    object.report("id", "is no UUID; give its 36 characters");
    return std::nullopt;
}

std::string read_name(ObjectReader& object, Kind kind) {
    object.require("name", JsonType::string);
    const auto name = object.optional_string("name");
    if (!name) return {};
    if (const auto checked = check_resource_name(kind, *name); !checked)
        object.report("name", "is not a name: " + checked.error().message);
    return *name;
}

std::string read_type(ObjectReader& object) {
    std::string type = object.optional_string("type").value_or("http");
    if (type != "http")
        object.report("type", "is not 'http', the only type there is; give that, or leave it out");
    return type;
}

/// Source: RFC 9110, 5.6.2
bool is_token_character(char c) {
    constexpr std::string_view symbols = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           symbols.find(c) != symbols.npos;
}

std::string read_method(ObjectReader& object) {
    object.require("method", JsonType::string);
    const auto method = object.optional_string("method");
    if (!method) return {};
    if (method->empty() || !std::all_of(method->begin(), method->end(), is_token_character))
        object.report("method", "is no HTTP method; give one as GET");
    return *method;
}

Reference read_reference(JsonView view, const Place& place, Findings& findings) {
    ObjectReader object(view, place, findings);
    Reference reference{read_id(object), object.optional_string("name")};
    if (view.is_object() && !object.has("id") && !object.has("name"))
        findings.add(place, "names nothing; give an id or a name");
    return reference;
}

/// A required member that is a reference.
Reference read_reference_member(ObjectReader& object, std::string_view name, Findings& findings) {
    object.require(name, JsonType::object);
    return object
        .object(name,
                [&](JsonView view, const Place& at) { return read_reference(view, at, findings); })
        .value_or(Reference{});
}

std::vector<Body> read_definitions(ObjectReader& object, Findings& findings) {
    return object.array("definitions", [&](JsonView view, const Place& at) {
        ObjectReader body(view, at, findings);
        return Body{read_reference_member(body, "definition", findings)};
    });
}

RequestBody read_request_body(JsonView view, const Place& place, Findings& findings) {
    ObjectReader object(view, place, findings);
    return {object.flag("required"), read_definitions(object, findings)};
}

Response read_response(JsonView view, const Place& place, Findings& findings) {
    ObjectReader object(view, place, findings);
    return {object.optional_integer("status"), read_definitions(object, findings)};
}

/// The members that an inline parameter and a Parameter have in common.
template <class AnyParameter>
void read_parameter(ObjectReader& object, std::span<const ParameterLocation> locations,
                    AnyParameter& parameter) {
    parameter.in = object.choice("in", locations);
    parameter.required = object.flag("required");
    parameter.type = object.choice<ParameterType>("type", parameter_types);
    if (const auto value = object.any("default")) parameter.default_value = to_value(*value);
}

ParameterUse read_parameter_use(JsonView view, const Place& place,
                                std::span<const ParameterLocation> locations, Findings& findings) {
    ObjectReader object(view, place, findings);
    if (object.has("parameter"))
        return SharedParameter{read_reference_member(object, "parameter", findings)};
    InlineParameter parameter{.name = object.string("name")};
    read_parameter(object, locations, parameter);
    return parameter;
}

/// The members that Actions and Triggers have in common.
template <class Operation>
Operation read_operation(ObjectReader& object, Kind kind,
                         std::span<const ParameterLocation> locations, Findings& findings) {
    Operation operation;
    operation.id = read_id(object);
    operation.name = read_name(object, kind);
    operation.type = read_type(object);
    operation.method = read_method(object);
    operation.parameters = object.array("parameters", [&](JsonView view, const Place& at) {
        return read_parameter_use(view, at, locations, findings);
    });
    operation.request_body = object.object("requestBody", [&](JsonView view, const Place& at) {
        return read_request_body(view, at, findings);
    });
    operation.responses = object.array("responses", [&](JsonView view, const Place& at) {
        return read_response(view, at, findings);
    });
    operation.summary = object.optional_string("summary");
    operation.description = object.optional_string("description");
    return operation;
}

Schema read_schema(JsonView view, const Place& place, Findings& findings) {
    ObjectReader object(view, place, findings);
    return {object.string("contentType"), object.string("content")};
}

std::string read_media_type(JsonView view, const Place& place, Findings& findings) {
    if (view.is_string()) return view.string();
    std::string message = "is ";
    message += to_string(view.type());
    findings.add(place, message + "; give a media type, as \"application/json\"");
    return {};
}

}  // namespace

template <>
Action read_shape<Action>(JsonView root, Findings& findings) {
    const Place whole;
    ObjectReader object(root, whole, findings);
    auto action = read_operation<Action>(object, Kind::action, action_locations, findings);
    action.path = object.string("path");
    return action;
}

template <>
Trigger read_shape<Trigger>(JsonView root, Findings& findings) {
    const Place whole;
    ObjectReader object(root, whole, findings);
    return read_operation<Trigger>(object, Kind::trigger, trigger_locations, findings);
}

template <>
Definition read_shape<Definition>(JsonView root, Findings& findings) {
    const Place whole;
    ObjectReader object(root, whole, findings);
    Definition definition;
    definition.id = read_id(object);
    definition.name = read_name(object, Kind::definition);
    object.require("accept", JsonType::array);
    definition.accept = object.array("accept", [&](JsonView view, const Place& at) {
        return read_media_type(view, at, findings);
    });
    object.require("schema", JsonType::object);
    const auto schema = object.object(
        "schema", [&](JsonView view, const Place& at) { return read_schema(view, at, findings); });
    definition.schema = schema.value_or(Schema{});
    definition.description = object.optional_string("description");
    return definition;
}

template <>
Parameter read_shape<Parameter>(JsonView root, Findings& findings) {
    const Place whole;
    ObjectReader object(root, whole, findings);
    Parameter parameter;
    parameter.id = read_id(object);
    parameter.name = read_name(object, Kind::parameter);
    read_parameter(object, action_locations, parameter);
    return parameter;
}

}  // namespace verso
