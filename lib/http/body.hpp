// The body of a request: one JSON object, read strictly. What is wrong with its members is
// collected, each by its name, and members that nobody knows are wrong too.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>

#include "domain/json_parser.hpp"
#include "domain/object_reader.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace verso::http {

/// How a body is parsed.
struct BodyLimits {
    std::size_t max_bytes;    ///< Of the whole.
    DocumentLimits document;  ///< Of each document within.
};

/// Reads the members of a body. finish() comes after the last.
///
/// Errors:        document_invalid, limit_exceeded (the body is no JSON object).
/// Thread safety: bound
class BodyReader {
public:
    BodyReader(std::string_view text, const BodyLimits& limits,
               std::initializer_list<std::string_view> known);
    BodyReader(const BodyReader&) = delete;
    BodyReader& operator=(const BodyReader&) = delete;

    [[nodiscard]] bool has(std::string_view name) const { return object_.has(name); }
    [[nodiscard]] std::string string(std::string_view name) { return object_.string(name); }
    [[nodiscard]] std::optional<std::string> optional_string(std::string_view name) {
        return object_.optional_string(name);
    }
    [[nodiscard]] std::optional<bool> optional_flag(std::string_view name);
    [[nodiscard]] std::optional<std::vector<std::string>> optional_strings(std::string_view name);
    [[nodiscard]] std::optional<std::vector<ResourceId>> optional_ids(std::string_view name);
    [[nodiscard]] std::optional<Document> optional_document(std::string_view name);
    [[nodiscard]] std::optional<std::vector<Document>> optional_documents(std::string_view name);
    /// The exact text of a member's value; empty where it is missing.
    [[nodiscard]] std::string_view text(std::string_view name) const;

    void require(std::string_view name, JsonType type) { object_.require(name, type); }
    void report(std::string_view name, std::string message);
    /// Keeps an error of the domain's about this body, if it is one.
    void report(const Result<void>& checked);

    /// Errors: request_invalid, with what was found; what was reported of the domain's.
    void finish();

private:
    [[nodiscard]] std::optional<Document> to_document(JsonView value, const Place& place);

    DocumentLimits limits_;
    ParsedJson json_;
    Place root_;
    Findings findings_;
    ObjectReader object_;
    std::optional<Error> error_;
};

/// Reads a body that is a document as a whole.
///
/// Errors: document_invalid, limit_exceeded.
[[nodiscard]] Document read_document(std::string_view text, const BodyLimits& limits);

}  // namespace verso::http
