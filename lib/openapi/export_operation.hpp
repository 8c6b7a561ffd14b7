// An Action or a Trigger as the operation of a description.
//
// Member by member. Members that no shape knows, summary and description are the document's own.
// The operationId stays, or stays away, while the name is what the import made of it; else it is
// the name. Parameters and bodies: see there. One that was written by hand gets what a description
// must have besides: schemas of parameters, descriptions of responses.
#pragma once

#include "openapi/export_bodies.hpp"
#include "openapi/export_parameters.hpp"

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace verso::openapi {

/// An operation, and where it goes.
struct ExportedOperation {
    const HeldResource* resource;
    std::string method;      ///< In lower case.
    std::string place;       ///< Its path, webhook or callback: what a name may be made of.
    std::string expression;  ///< Of a callback.
    bool complete = false;   ///< Nothing of it was imported.
    std::vector<RestoredParameter> parameters = {};
    std::vector<const ExportedOperation*> callbacks = {};  ///< Triggers.

    [[nodiscard]] JsonView document() const noexcept { return resource->root(); }
    [[nodiscard]] bool is_action() const noexcept { return resource->kind == Kind::action; }
};

/// Parameters that a path item declares for all its operations.
struct InheritedParameters {
    std::vector<JsonView> elements;
    std::unordered_set<std::string> canonical_texts;
};

/// Lifetime: that of what it was made of. Thread safety: bound
class OperationWriter {
public:
    /// `imported`: the version has been imported, so that nothing is added to what it keeps.
    OperationWriter(const VersionContent& content, ExportedParameters& parameters,
                    const ExportedBodies& bodies, bool imported)
        : content_(content), parameters_(parameters), bodies_(bodies), imported_(imported) {}

    /// Failures: version_invalid, for a method that OpenAPI does not know.
    [[nodiscard]] ExportedOperation make(const HeldResource& resource, std::string place);
    /// The path of an Action, in the words of a description.
    [[nodiscard]] std::string path_of(const HeldResource& action) const;

    /// Which parameters of a path item hold for all its operations.
    [[nodiscard]] InheritedParameters inherited(
        JsonView listed, const std::vector<const ExportedOperation*>& operations);
    /// `callbacks`: the member, where there is one.
    [[nodiscard]] std::string write(const ExportedOperation& operation,
                                    const InheritedParameters& inherited,
                                    const std::optional<std::string>& callbacks) const;

private:
    [[nodiscard]] bool has_made_up_name(const ExportedOperation& operation) const;
    [[nodiscard]] std::optional<std::string> new_operation_id(
        const ExportedOperation& operation) const;

    const VersionContent& content_;
    ExportedParameters& parameters_;
    const ExportedBodies& bodies_;
    bool imported_;
};

}  // namespace verso::openapi
