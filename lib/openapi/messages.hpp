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
///
/// A hostile document cannot make an answer large: each message has its place, which may be as long
/// as the document, so there is an end to how many are kept.
class Messages {
public:
    /// Of those that are no errors, with their pointers.
    static constexpr std::size_t max_bytes = std::size_t{16} * 1024 * 1024;

    void info(const Place& place, std::string message);
    void warning(const Place& place, std::string message);
    /// Keeps the first hundred: enough to correct by.
    void error(const Place& place, std::string message);

    [[nodiscard]] bool has_errors() const noexcept { return errors_ > 0; }
    /// The last one says how many were not kept, if any.
    [[nodiscard]] std::vector<ImportMessage> take() &&;

    /// The messages of severity error as one error, import_invalid. Requires: has_errors().
    [[nodiscard]] Error to_error() const;

private:
    void add(Severity severity, const Place& place, std::string message);

    std::vector<ImportMessage> messages_;
    std::size_t errors_ = 0;
    std::size_t bytes_ = 0;
    std::size_t left_out_ = 0;
};

/// Whether a value has the type that is read at its place; if not, it is an error of the document.
[[nodiscard]] bool expect(JsonView value, JsonType type, const Place& place, Messages& messages);

/// A value if it is there and of that type; of another type it is an error of the document.
[[nodiscard]] std::optional<JsonView> of_type(std::optional<JsonView> value, JsonType type,
                                              const Place& place, Messages& messages);
/// The same of a member.
[[nodiscard]] std::optional<JsonView> find_typed(JsonView object, std::string_view name,
                                                 JsonType type, const Place& place,
                                                 Messages& messages);

/// The error of a document that cannot be imported for one reason.
[[nodiscard]] Error import_error(std::string_view pointer, std::string message);

}  // namespace verso::openapi
