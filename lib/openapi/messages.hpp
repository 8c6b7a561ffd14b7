// What an import has to say about its document, each message under the JSON Pointer of what it is
// about.
#pragma once

#include <verso/openapi.hpp>

#include "domain/object_reader.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi {

/// Collects messages in the order in which they are found. Thread safety: movable.
class Messages {
public:
    void info(const Place& place, std::string message);
    void warning(const Place& place, std::string message);
    /// Keeps the first hundred: enough to correct by, and a hostile document cannot make an answer
    /// large.
    void error(const Place& place, std::string message);

    [[nodiscard]] bool has_errors() const noexcept { return errors_ > 0; }
    [[nodiscard]] std::vector<ImportMessage> take() && { return std::move(messages_); }

    /// The messages of severity error as one error, import_invalid. Requires: has_errors().
    [[nodiscard]] Error to_error() const;

private:
    std::vector<ImportMessage> messages_;
    std::size_t errors_ = 0;
};

/// Whether a value has the type that is read at its place; if not, it is an error of the document.
[[nodiscard]] bool expect(JsonView value, JsonType type, const Place& place, Messages& messages);

/// A member if it is there and of that type; of another type it is an error of the document.
[[nodiscard]] std::optional<JsonView> find_typed(JsonView object, std::string_view name,
                                                 JsonType type, const Place& place,
                                                 Messages& messages);

/// The error of a document that cannot be imported for one reason.
[[nodiscard]] Error import_error(std::string_view pointer, std::string message);

}  // namespace verso::openapi
