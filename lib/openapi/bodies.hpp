// Request bodies and responses: media types become references to Definitions.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/definitions.hpp"
#include "openapi/notes.hpp"
#include "openapi/pointers.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// What the schemas of a body that have no name are called after.
struct BodyName {
    std::string name;           ///< As `listPets_response_200`.
    std::string key;            ///< The same in the source's words.
    bool is_component = false;  ///< Others may refer to the body.
};

/// Thread safety: bound
class Bodies {
public:
    /// One Definition of a body, and the media types that it describes there.
    struct DescribedContent {
        std::string_view definition;
        std::vector<JsonMember> media_types;
    };

    Bodies(Definitions& definitions, Pointers& pointers, Messages& messages, Allowance& allowance)
        : definitions_(definitions),
          pointers_(pointers),
          messages_(messages),
          allowance_(allowance) {}

    /// Writes the inside of a request body's object.
    void write_request(JsonWriter& json, JsonView source, const BodyName& name, const Place& place,
                       Notes& notes);
    /// Writes the inside of a response's object, but its status.
    void write_response(JsonWriter& json, JsonView source, const BodyName& name, const Place& place,
                        Notes& notes);

    /// Writes an operation's `responses`, and notes what is no response.
    void write_responses(JsonWriter& json, JsonView source, const BodyName& operation,
                         const Place& place, Notes& notes);

private:
    struct Content {
        std::vector<DescribedContent> bodies;
        JsonWriter without_schema;  // media types, as the inside of an object
    };

    [[nodiscard]] std::optional<JsonView> target_of(JsonView source, const Place& place);
    void write_content(JsonWriter& json, JsonView source, const BodyName& name, const Place& place,
                       Notes& notes);
    [[nodiscard]] Content read_content(JsonView content, const BodyName& name, const Place& place);
    void write_referred(JsonWriter& json, JsonView target, const Place& place);

    Definitions& definitions_;
    Pointers& pointers_;
    Messages& messages_;
    Allowance& allowance_;
    std::unordered_map<std::size_t, std::vector<std::string_view>> known_;  // by the body's offset
};

}  // namespace verso::openapi
