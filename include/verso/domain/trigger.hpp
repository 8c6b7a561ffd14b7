// A Trigger: a call that comes in.
#pragma once

#include <verso/domain/body.hpp>
#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/parameter.hpp>
#include <verso/error.hpp>

#include <optional>
#include <string>
#include <vector>

namespace verso {

/// A resource: a request that the connection can receive. Its address is the host's matter: it has
/// no path.
///
/// Thread safety: a value.
struct Trigger {
    std::optional<ResourceId> id = {};
    std::string name;
    std::string type = "http";                  ///< The only type there is.
    std::string method;                         ///< As written; `POST` and `post` differ.
    std::vector<ParameterUse> parameters = {};  ///< In cookie, header or query.
    std::optional<RequestBody> request_body = {};
    std::vector<Response> responses = {};
    std::optional<std::string> summary = {};
    std::optional<std::string> description = {};
    Document document = {};  ///< What it was read from; its further members are kept.

    /// Reads a Trigger. Errors: resource_invalid, with every field that is at fault.
    [[nodiscard]] static Result<Trigger> from_document(const Document& document);

    /// Writes it into `document`: what did not change keeps its exact text.
    ///
    /// Errors: resource_invalid, document_invalid, limit_exceeded.
    [[nodiscard]] Result<Document> to_document() const;

    friend bool operator==(const Trigger&, const Trigger&) = default;
};

}  // namespace verso
