#include "http/description.hpp"
#include "read_file.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>

namespace verso::http {

namespace {

namespace json = boost::json;

json::value read_description() { return json::parse(test::read_file(VERSO_DESCRIPTION)); }

std::string text_of(const json::value& value) { return json::value_to<std::string>(value); }

bool is_of_type(const json::value& value, std::string_view type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_int64() || value.is_uint64();
    if (type == "number") return value.is_number();
    throw std::runtime_error("no type of JSON Schema: " + std::string(type));
}

}  // namespace

Description::Description() : document_(read_description()) {
    constexpr std::array methods{"get", "head", "post", "put", "delete", "options", "patch"};
    for (const auto& [path, item] : document_.at("paths").as_object()) {
        if (!path.starts_with("/o/")) continue;
        for (const std::string method : methods) {
            if (!item.as_object().contains(method)) continue;
            std::string name = method;
            std::ranges::transform(name, name.begin(), [](unsigned char c) {
                return static_cast<char>(std::toupper(c));
            });
            operations_.push_back({name, path});
        }
    }
}

const json::value& Description::resolve(const Value& value) const {
    const auto* object = value.if_object();
    const auto* reference = object == nullptr ? nullptr : object->if_contains("$ref");
    if (reference == nullptr) return value;
    return resolve(document_.at_pointer(text_of(*reference).substr(1)));
}

std::vector<std::string> Description::faults(const Operation& operation, unsigned status,
                                             const std::map<std::string, std::string>& headers,
                                             std::string_view body) const {
    std::string method = operation.method;
    std::ranges::transform(method, method.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto& responses =
        document_.at("paths").at(operation.path).at(method).at("responses").as_object();
    const auto* found = responses.if_contains(std::to_string(status));
    if (found == nullptr) return {"the status " + std::to_string(status) + " is not described"};
    const auto& response = resolve(*found).as_object();
    Faults faults;
    if (const auto* described = response.if_contains("headers"))
        for (const auto& [name, header] : described->as_object()) {
            const auto* required = resolve(header).as_object().if_contains("required");
            if (required != nullptr && required->as_bool() && !headers.contains(name))
                faults.push_back("the header " + std::string(name) + " is missing");
        }
    for (const char* name : {"ETag", "Location", "Allow", "WWW-Authenticate"}) {
        const auto* described = response.if_contains("headers");
        if (headers.contains(name) &&
            (described == nullptr || !described->as_object().contains(name)))
            faults.push_back("the header " + std::string(name) + " is not described");
    }
    const auto* content = response.if_contains("content");
    if (content == nullptr) {
        if (!body.empty()) faults.emplace_back("there is a body, and none is described");
        return faults;
    }
    check(content->at("application/json").at("schema"), json::parse(body), "", faults);
    return faults;
}

std::vector<std::string> Description::faults(std::string_view schema, const Value& value) const {
    Faults faults;
    check(document_.at("components").at("schemas").at(schema), value, "", faults);
    return faults;
}

bool Description::accepts(const Value& schema, const Value& value) const {
    Faults faults;
    check(schema, value, "", faults);
    return faults.empty();
}

void Description::check(const Value& schema, const Value& value, const std::string& at,
                        Faults& faults) const {
    const json::object& rules = resolve(schema).as_object();
    if (const auto* type = rules.if_contains("type"); type && !is_of_type(value, text_of(*type))) {
        faults.push_back(at + " is no " + text_of(*type));
        return;
    }
    if (const auto* only = rules.if_contains("const"); only && *only != value)
        faults.push_back(at + " is not " + json::serialize(*only));
    if (const auto* all = rules.if_contains("enum"))
        if (std::ranges::find(all->as_array(), value) == all->as_array().end())
            faults.push_back(at + " is none of " + json::serialize(*all));
    check_combinations(rules, value, at, faults);
    if (const auto* object = value.if_object()) check_object(rules, *object, at, faults);
    const auto* items = rules.if_contains("items");
    if (const auto* array = value.if_array(); array && items)
        for (std::size_t i = 0; i < array->size(); ++i)
            check(*items, array->at(i), at + "/" + std::to_string(i), faults);
}

void Description::check_object(const json::object& schema, const json::object& value,
                               const std::string& at, Faults& faults) const {
    if (const auto* required = schema.if_contains("required"))
        for (const Value& name : required->as_array())
            if (!value.contains(text_of(name)))
                faults.push_back(at + "/" + text_of(name) + " is missing");
    const auto* properties = schema.if_contains("properties");
    const auto* more = schema.if_contains("additionalProperties");
    const bool is_closed = more && more->is_bool() && !more->as_bool();
    for (const auto& [name, member] : value) {
        const std::string place = at + "/" + std::string(name);
        const auto* known = properties ? properties->as_object().if_contains(name) : nullptr;
        if (known)
            check(*known, member, place, faults);
        else if (is_closed)
            faults.push_back(place + " is not described");
    }
}

void Description::check_combinations(const json::object& schema, const Value& value,
                                     const std::string& at, Faults& faults) const {
    if (const auto* all = schema.if_contains("allOf"))
        for (const Value& each : all->as_array()) check(each, value, at, faults);
    const auto matches = [&](const Value& each) { return accepts(each, value); };
    if (const auto* any = schema.if_contains("anyOf"))
        if (std::ranges::none_of(any->as_array(), matches))
            faults.push_back(at + " is none of the forms that are described");
    if (const auto* one = schema.if_contains("oneOf"))
        if (std::ranges::count_if(one->as_array(), matches) != 1)
            faults.push_back(at + " is not one of the forms that are described");
    if (const auto* forbidden = schema.if_contains("not"); forbidden && matches(*forbidden))
        faults.push_back(at + " is what it may not be");
    if (const auto* condition = schema.if_contains("if"))
        if (const auto* then = schema.if_contains(matches(*condition) ? "then" : "else"))
            check(*then, value, at, faults);
}

}  // namespace verso::http
