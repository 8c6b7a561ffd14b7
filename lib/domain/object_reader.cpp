#include "domain/object_reader.hpp"

#include <limits>

namespace verso {

std::string Place::pointer() const {
    if (parent == nullptr) return {};
    std::string pointer = parent->pointer();
    append_pointer(pointer, index ? std::to_string(*index) : name);
    return pointer;
}

void Findings::add(const Place& place, std::string message) {
    constexpr std::size_t max_fields = 100;
    if (fields_.size() < max_fields) fields_.push_back({place.pointer(), std::move(message)});
}

Error Findings::to_error(std::string_view what) && {
    const FieldError& first = fields_.front();
    std::string message = "the ";
    message += what;
    message += " is not valid: ";
    message += first.field.empty() ? "it" : first.field;
    message += " ";
    message += first.message;
    if (fields_.size() > 1)
        message += " (and " + std::to_string(fields_.size() - 1) + " more, see the fields)";
    return {Errc::resource_invalid, std::move(message), std::move(fields_)};
}

ObjectReader::ObjectReader(JsonView object, const Place& place, Findings& findings)
    : object_(object), place_(place), findings_(findings) {
    if (object.is_object()) return;
    std::string message = "is ";
    message += to_string(object.type());
    findings_.add(place, message + "; give an object");
}

std::string ObjectReader::string(std::string_view name) {
    require(name, JsonType::string);
    return optional_string(name).value_or(std::string());
}

std::optional<std::string> ObjectReader::optional_string(std::string_view name) {
    const auto value = typed(name, JsonType::string);
    if (!value) return std::nullopt;
    return value->string();
}

bool ObjectReader::flag(std::string_view name) {
    const auto value = typed(name, JsonType::boolean);
    return value && value->is_true();
}

std::optional<int> ObjectReader::optional_integer(std::string_view name) {
    const auto value = typed(name, JsonType::number);
    if (!value) return std::nullopt;
    const auto integer = value->integer();
    using Limits = std::numeric_limits<int>;
    if (integer && *integer >= Limits::min() && *integer <= Limits::max())
        return static_cast<int>(*integer);
    report(name, "is no integer of 32 bits; give one without fraction and exponent");
    return std::nullopt;
}

void ObjectReader::require(std::string_view name, JsonType type) {
    if (!object_.is_object() || has(name)) return;
    std::string message = "is missing; give ";
    message += to_string(type);
    report(name, std::move(message));
}

void ObjectReader::report(std::string_view name, std::string message) {
    findings_.add(Place{&place_, name}, std::move(message));
}

std::optional<JsonView> ObjectReader::typed(std::string_view name, JsonType type) {
    const auto value = any(name);
    if (!value || value->type() == type) return value;
    std::string message = "is ";
    message += to_string(value->type());
    message += "; give ";
    message += to_string(type);
    report(name, std::move(message));
    return std::nullopt;
}

void ObjectReader::report_choice(std::string_view name, std::string_view found,
                                 const std::string& allowed) {
    constexpr std::size_t shown = 64;
    std::string message = "is '";
    message += found.substr(0, shown);
    report(name, message + "'; give one of " + allowed);
}

}  // namespace verso
