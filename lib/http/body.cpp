#include "http/body.hpp"

#include "domain/document_access.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"

#include <algorithm>
#include <utility>

namespace verso::http {

namespace {

ParsedJson parse(std::string_view text, const BodyLimits& limits) {
    const DocumentLimits around{.max_bytes = limits.max_bytes,
                                .max_depth = limits.document.max_depth + levels_around};
    auto json = must(parse_json(text, around));
    if (!json.root().is_object())
        fail(Errc::document_invalid,
             "the body is " + std::string(to_string(json.root().type())) + "; give an object");
    return json;
}

/// A pointer to a member of the body becomes the member's name.
std::string field_name(const std::string& pointer) {
    if (!pointer.starts_with('/') || pointer.find('/', 1) != std::string::npos) return pointer;
    std::string name;
    for (std::size_t at = 1; at < pointer.size(); ++at) {
        const bool is_escape = pointer[at] == '~' && at + 1 < pointer.size();
        if (is_escape)
            name += pointer[++at] == '1' ? '/' : '~';
        else
            name += pointer[at];
    }
    return name;
}

std::string wrong_type(JsonView value, JsonType wanted) {
    std::string message = "is ";
    message += to_string(value.type());
    message += "; give ";
    message += to_string(wanted);
    return message;
}

}  // namespace

BodyReader::BodyReader(std::string_view text, const BodyLimits& limits,
                       std::initializer_list<std::string_view> known)
    : limits_(limits.document),
      json_(parse(text, limits)),
      object_(json_.root(), root_, findings_) {
    for (const auto [key, value] : json_.root().members()) {
        const std::string name = key.string();
        if (std::find(known.begin(), known.end(), name) == known.end())
            report(name, "is not known here; leave it out");
    }
}

std::optional<bool> BodyReader::optional_flag(std::string_view name) {
    const bool value = object_.flag(name);
    if (!has(name)) return std::nullopt;
    return value;
}

std::optional<std::vector<std::string>> BodyReader::optional_strings(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return object_.array(name, [&](JsonView element, const Place& place) {
        if (element.is_string()) return element.string();
        findings_.add(place, wrong_type(element, JsonType::string));
        return std::string();
    });
}

std::optional<std::vector<ResourceId>> BodyReader::optional_ids(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return object_.array(name, [&](JsonView element, const Place& place) {
        if (!element.is_string()) {
            findings_.add(place, wrong_type(element, JsonType::string));
            return ResourceId{};
        }
        const auto id = parse_id<ResourceId>(element.string());
        if (!id) findings_.add(place, "is \"" + element.string() + "\", which is no UUID");
        return id ? *id : ResourceId{};
    });
}

std::optional<Document> BodyReader::to_document(JsonView value, const Place& place) {
    if (!value.is_object()) {
        findings_.add(place, wrong_type(value, JsonType::object));
        return std::nullopt;
    }
    auto document = DocumentAccess::make(std::string(value.text()));
    auto checked = check_limits(document.text(), limits_);
    if (!checked && !error_)
        error_ =
            field_error(checked.error().code, field_name(place.pointer()), checked.error().message);
    return document;
}

std::optional<Document> BodyReader::optional_document(std::string_view name) {
    const auto value = object_.any(name);
    if (!value) return std::nullopt;
    return to_document(*value, Place{&root_, name});
}

std::optional<std::vector<Document>> BodyReader::optional_documents(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return object_.array(name, [&](JsonView element, const Place& place) {
        return to_document(element, place).value_or(Document());
    });
}

std::string_view BodyReader::text(std::string_view name) const {
    const auto value = object_.any(name);
    return value ? value->text() : std::string_view();
}

void BodyReader::report(std::string_view name, std::string message) {
    object_.report(name, std::move(message));
}

void BodyReader::report(const Result<void>& checked) {
    if (!checked && !error_) error_ = checked.error();
}

void BodyReader::finish() {
    if (findings_.empty()) {
        if (error_) fail(*error_);
        return;
    }
    Error error = std::move(findings_).to_error("body");
    error.code = Errc::request_invalid;
    for (FieldError& each : error.fields) each.field = field_name(each.field);
    fail(std::move(error));
}

Document read_document(std::string_view text, const BodyLimits& limits) {
    return must(Document::parse(text, limits.document));
}

}  // namespace verso::http
