// Parameters: those that operations declare, and those that they share.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/converted.hpp"
#include "openapi/names.hpp"
#include "openapi/notes.hpp"
#include "openapi/parameter_identities.hpp"
#include "openapi/pointers.hpp"
#include "openapi/scalar_types.hpp"

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// A list of parameters in the source, with its place.
struct ParameterList {
    JsonView elements;
    const Place& place;
};

/// The parameters that hold for one operation.
struct ParameterSources {
    Kind kind;  ///< Of the operation: an Action takes no cookies, a Trigger nothing in its path.
    std::optional<ParameterList> path_item;
    std::optional<ParameterList> operation;
    std::string_view path;  ///< As in the source; each `{name}` needs a parameter.
    const Place& place;     ///< Of the operation.
};

/// Thread safety: bound
class Parameters {
public:
    Parameters(Pointers& pointers, ScalarTypes& types, Messages& messages, Allowance& allowance)
        : pointers_(pointers), types_(types), messages_(messages), allowance_(allowance) {}

    /// Makes Parameters of the components. One that is sent in a cookie is no Parameter: those are
    /// answered.
    [[nodiscard]] std::vector<JsonMember> add_components(JsonView components, const Place& place,
                                                         std::vector<ConvertedResource>& resources);

    /// Writes an operation's `parameters`, and notes of them what its shape does not take.
    void write(JsonWriter& json, const ParameterSources& sources, Notes& notes);

private:
    /// A parameter as it is read, whatever it is written like.
    struct Facts {
        std::string name;
        std::string in;
        bool required = false;
        Typed typed;
        const std::string* identity;  // of ParameterIdentities
    };
    enum class Origin { operation, path_item };
    struct Use {
        JsonView source;
        const Facts* facts;  // None: it is no parameter.
    };
    struct Shared {
        std::string name;  // of the Parameter
        const Facts* facts;
    };

    /// What a parameter says, read once: many operations may have it, and each complaint is made
    /// once. None: it is no parameter.
    [[nodiscard]] const Facts* read(JsonView source, const Place& place);
    [[nodiscard]] const Facts* read_anew(JsonView source, const Place& place);
    [[nodiscard]] Typed read_type(JsonView parameter, const Place& place);
    [[nodiscard]] std::vector<Use> read(const std::optional<ParameterList>& list);
    /// The Parameter that a parameter is a reference to, if it is one.
    [[nodiscard]] const Shared* find_shared(JsonView source) const;
    void write_use(JsonWriter& json, const Use& use, Origin origin, const Place& place) const;
    void write_undeclared(JsonWriter& json, const ParameterSources& sources,
                          const std::set<const std::string*>& declared);

    Pointers& pointers_;
    ScalarTypes& types_;
    Messages& messages_;
    Allowance& allowance_;
    Names names_{Kind::parameter};
    std::deque<Facts> facts_;
    ParameterIdentities identities_;
    std::unordered_map<std::string, Shared> shared_;      // by component
    std::unordered_map<std::size_t, const Facts*> read_;  // by the source's offset
};

}  // namespace verso::openapi
