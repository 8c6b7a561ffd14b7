#include "domain/json_value.hpp"
#include "domain/shapes.hpp"

namespace verso {

namespace {

void write_optional(JsonWriter& json, std::string_view name,
                    const std::optional<std::string>& text) {
    if (text) json.key(name).string(*text);
}

void write_id(JsonWriter& json, const std::optional<ResourceId>& id) {
    if (id) json.key("id").string(to_string(*id));
}

void write_reference(JsonWriter& json, const Reference& reference) {
    json.begin_object();
    write_id(json, reference.id);
    write_optional(json, "name", reference.name);
    json.end_object();
}

void write_definitions(JsonWriter& json, const std::vector<Body>& bodies) {
    json.key("definitions").begin_array();
    for (const Body& body : bodies) {
        write_reference(json.begin_object().key("definition"), body.definition);
        json.end_object();
    }
    json.end_array();
}

void write_request_body(JsonWriter& json, const RequestBody& body) {
    json.begin_object().key("required").boolean(body.required);
    write_definitions(json, body.definitions);
    json.end_object();
}

void write_response(JsonWriter& json, const Response& response) {
    json.begin_object();
    if (response.status) json.key("status").number(*response.status);
    write_definitions(json, response.definitions);
    json.end_object();
}

/// The members that an inline parameter and a Parameter have in common.
template <class AnyParameter>
void write_parameter(JsonWriter& json, const AnyParameter& parameter) {
    json.key("name").string(parameter.name);
    json.key("in").string(to_string(parameter.in));
    json.key("required").boolean(parameter.required);
    json.key("type").string(to_string(parameter.type));
    if (parameter.default_value) write_value(json.key("default"), *parameter.default_value);
}

void write_parameter_use(JsonWriter& json, const ParameterUse& use) {
    json.begin_object();
    if (const auto* shared = std::get_if<SharedParameter>(&use))
        write_reference(json.key("parameter"), shared->parameter);
    else
        write_parameter(json, std::get<InlineParameter>(use));
    json.end_object();
}

/// What follows the method, or the path of an Action.
template <class Operation>
void write_operation_rest(JsonWriter& json, const Operation& operation) {
    json.key("parameters").begin_array();
    for (const ParameterUse& use : operation.parameters) write_parameter_use(json, use);
    json.end_array();
    if (operation.request_body)
        write_request_body(json.key("requestBody"), *operation.request_body);
    json.key("responses").begin_array();
    for (const Response& response : operation.responses) write_response(json, response);
    json.end_array();
    write_optional(json, "summary", operation.summary);
    write_optional(json, "description", operation.description);
}

template <class Operation>
void write_operation_head(JsonWriter& json, const Operation& operation) {
    write_id(json, operation.id);
    json.key("name").string(operation.name);
    json.key("type").string(operation.type);
    json.key("method").string(operation.method);
}

}  // namespace

void write_shape(JsonWriter& json, const Action& action) {
    json.begin_object();
    write_operation_head(json, action);
    json.key("path").string(action.path);
    write_operation_rest(json, action);
    json.end_object();
}

void write_shape(JsonWriter& json, const Trigger& trigger) {
    json.begin_object();
    write_operation_head(json, trigger);
    write_operation_rest(json, trigger);
    json.end_object();
}

void write_shape(JsonWriter& json, const Definition& definition) {
    json.begin_object();
    write_id(json, definition.id);
    json.key("name").string(definition.name);
    json.key("accept").begin_array();
    for (const std::string& media_type : definition.accept) json.string(media_type);
    json.end_array();
    json.key("schema").begin_object();
    json.key("contentType").string(definition.schema.content_type);
    json.key("content").string(definition.schema.content);
    json.end_object();
    write_optional(json, "description", definition.description);
    json.end_object();
}

void write_shape(JsonWriter& json, const Parameter& parameter) {
    json.begin_object();
    write_id(json, parameter.id);
    write_parameter(json, parameter);
    json.end_object();
}

}  // namespace verso
