// A connection: one remote system of an organisation, whose API descriptions are kept as versions.
#pragma once

#include <verso/domain/document.hpp>
#include <verso/domain/ids.hpp>
#include <verso/domain/timestamp.hpp>

#include <string>

namespace verso {

/// Thread safety: a value.
struct Connection {
    ConnectionId id = {};
    OrganisationId organisation = {};
    std::string name = {};  ///< Unique in the organisation.
    Document properties =
        {};  ///< Any object, as `{"baseUrl":"https://api.example.com"}`. Never versioned.
    Timestamp created_at = {};
    Timestamp updated_at = {};  ///< Moves with every change of it or of its versions.

    friend bool operator==(const Connection&, const Connection&) = default;
};

}  // namespace verso
