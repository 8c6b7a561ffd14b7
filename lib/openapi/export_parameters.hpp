// Parameters on their way back.
//
// What a parameter's shape says (name, in, required, type, default) is held against what an import
// would read from the kept parts: by the import's own code. Where both agree, the kept parts are
// the parameter, member for member. Where they do not, the shape has been edited, and is the truth:
// a `$ref` is written out, and the schema gets the type and the default; one whose type changed is
// replaced. The use of a Parameter of the version becomes a reference to its component; one whose
// Parameter is not there is left out.
#pragma once

#include "openapi/allowance.hpp"
#include "openapi/export_keys.hpp"
#include "openapi/export_members.hpp"
#include "openapi/export_schemas.hpp"
#include "openapi/parameter_identities.hpp"
#include "openapi/pointers.hpp"
#include "openapi/scalar_types.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// What the shape of a parameter says.
struct ParameterFacts {
    std::string name;
    std::string in;
    bool required = false;
    std::string type;
    std::optional<std::string> default_value;  ///< JSON

    friend bool operator==(const ParameterFacts&, const ParameterFacts&) = default;
};

/// An element of an operation's `parameters`, restored.
struct RestoredParameter {
    std::string text;
    const std::string* identity;  ///< Of ExportedParameters::identity_of().
    bool inherited = false;       ///< The path item was where it stood.
};

/// Lifetime: that of what it was made of. Thread safety: bound
class ExportedParameters {
public:
    ExportedParameters(const VersionContent& content, const ExportKeys& keys,
                       const ExportedSchemas& schemas, Allowance& allowance);

    void add_components(Members& parameters);

    /// What an element of an operation becomes; nothing where it is left out. `in_path`: what the
    /// operation's path has in braces. `complete`: nothing of it was imported, so that it needs
    /// what a description must have besides.
    [[nodiscard]] std::optional<RestoredParameter> restore(
        const HeldResource& operation, JsonView element, const std::set<std::string_view>& in_path,
        bool complete);

    /// What an import reads from a parameter of a description, if it reads anything.
    [[nodiscard]] std::optional<ParameterFacts> read(std::string_view source);

    [[nodiscard]] const std::string* identity_of(const ParameterFacts& facts) {
        return identities_.of(facts.in, facts.name);
    }

private:
    /// A Parameter that others may refer to, read once.
    struct SharedParameter {
        ParameterFacts facts;
        const std::string* identity = nullptr;
    };

    [[nodiscard]] std::optional<RestoredParameter> restore_use(JsonView element,
                                                               JsonView reference);
    [[nodiscard]] const SharedParameter& shared(const HeldResource& parameter);
    [[nodiscard]] std::string restore_document(const HeldResource& holder, JsonView document,
                                               const ParameterFacts& facts, bool complete);
    [[nodiscard]] bool leads_nowhere(JsonView document);
    [[nodiscard]] bool leads_elsewhere(JsonView document);
    [[nodiscard]] std::string write_out(const HeldResource& holder, JsonView document,
                                        const ParameterFacts& facts);
    [[nodiscard]] std::string edited_schema(const HeldResource& holder, JsonView parameter,
                                            const ParameterFacts& facts);

    const VersionContent& content_;
    const ExportKeys& keys_;
    ParsedJson components_;  // schemas and parameters, as far as references lead there
    Pointers pointers_;
    ScalarTypes types_;
    std::unordered_map<const HeldResource*, SharedParameter> shared_;
    ParameterIdentities identities_;
    Allowance& allowance_;
};

}  // namespace verso::openapi
