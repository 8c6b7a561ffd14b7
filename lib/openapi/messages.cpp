#include "openapi/messages.hpp"

namespace verso::openapi {

void Messages::info(const Place& place, std::string message) {
    add(Severity::info, place, std::move(message));
}

void Messages::warning(const Place& place, std::string message) {
    add(Severity::warning, place, std::move(message));
}

void Messages::add(Severity severity, const Place& place, std::string message) {
    if (bytes_ >= max_bytes) {
        ++left_out_;
        return;
    }
    messages_.push_back({severity, place.pointer(), std::move(message)});
    bytes_ += messages_.back().pointer.size() + messages_.back().message.size();
}

void Messages::error(const Place& place, std::string message) {
    constexpr std::size_t max_errors = 100;
    if (errors_ == max_errors) return;
    ++errors_;
    messages_.push_back({Severity::error, place.pointer(), std::move(message)});
}

std::vector<ImportMessage> Messages::take() && {
    if (left_out_ > 0)
        messages_.push_back({Severity::info, "",
                             "has " + std::to_string(left_out_) +
                                 " more of such things in it; they are left out here"});
    return std::move(messages_);
}

Error Messages::to_error() const {
    Error error{Errc::import_invalid, {}, {}};
    for (const ImportMessage& message : messages_)
        if (message.severity == Severity::error)
            error.fields.push_back({message.pointer, message.message});
    const FieldError& first = error.fields.front();
    error.message = "the document cannot be imported: " +
                    (first.field.empty() ? std::string("it") : first.field) + " " + first.message;
    if (error.fields.size() > 1)
        error.message +=
            " (and " + std::to_string(error.fields.size() - 1) + " more, see the fields)";
    return error;
}

bool expect(JsonView value, JsonType type, const Place& place, Messages& messages) {
    if (value.type() == type) return true;
    std::string message = "is ";
    message += to_string(value.type());
    message += "; give ";
    message += to_string(type);
    messages.error(place, std::move(message));
    return false;
}

std::optional<JsonView> of_type(std::optional<JsonView> value, JsonType type, const Place& place,
                                Messages& messages) {
    return value && expect(*value, type, place, messages) ? value : std::nullopt;
}

std::optional<JsonView> find_typed(JsonView object, std::string_view name, JsonType type,
                                   const Place& place, Messages& messages) {
    return of_type(object.find(name), type, Place{&place, name}, messages);
}

Error import_error(std::string_view pointer, std::string message) {
    return {Errc::import_invalid,
            "the document cannot be imported: " + message,
            {{std::string(pointer), std::move(message)}}};
}

}  // namespace verso::openapi
