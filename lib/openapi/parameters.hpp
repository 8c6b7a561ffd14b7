// Parameters: those that operations declare, and those that they share.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/converted.hpp"
#include "openapi/names.hpp"
#include "openapi/notes.hpp"
#include "openapi/pointers.hpp"

#include "openapi/messages.hpp"

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
    Parameters(Pointers& pointers, Messages& messages, Allowance& allowance)
        : pointers_(pointers), messages_(messages), allowance_(allowance) {}

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
        std::string_view type = "string";
        std::optional<JsonView> default_value;
    };
    enum class Origin { operation, path_item };
    struct Use {
        JsonView source;
        Facts facts;
    };
    struct Typed {
        std::string_view type = "string";
        std::optional<JsonView> default_value;
    };

    struct Shared {
        std::string name;  // of the Parameter
        Facts facts;
    };

    /// What a parameter says, read once: many operations may have it, and each complaint is made
    /// once.
    [[nodiscard]] const std::optional<Facts>& read(JsonView source, const Place& place);
    [[nodiscard]] std::optional<Facts> read_anew(JsonView source, const Place& place);
    [[nodiscard]] Typed read_type(JsonView parameter, const Place& place);
    [[nodiscard]] std::vector<std::optional<Use>> read(const std::optional<ParameterList>& list);
    /// The Parameter that a parameter is a reference to, if it is one.
    [[nodiscard]] const Shared* find_shared(JsonView source) const;
    void write_use(JsonWriter& json, const Use& use, Origin origin, const Place& place) const;
    void write_undeclared(JsonWriter& json, const ParameterSources& sources,
                          const std::set<std::string>& declared);

    Pointers& pointers_;
    Messages& messages_;
    Allowance& allowance_;
    Names names_{Kind::parameter};
    std::unordered_map<std::string, Shared> shared_;              // by component
    std::unordered_map<std::size_t, std::optional<Facts>> read_;  // by the source's offset
};

}  // namespace verso::openapi
