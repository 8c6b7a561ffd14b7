// Operations: those of paths become Actions, those of webhooks and callbacks become Triggers.
#pragma once

#include "openapi/bodies.hpp"
#include "openapi/converted.hpp"
#include "openapi/messages.hpp"
#include "openapi/names.hpp"
#include "openapi/parameters.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace verso::openapi {

/// Gathers the operations of a document, so that all are known before the first is named; then
/// converts them.
///
/// Thread safety: bound
class Operations {
public:
    Operations(Parameters& parameters, Bodies& bodies, Messages& messages, Allowance& allowance)
        : parameters_(parameters), bodies_(bodies), messages_(messages), allowance_(allowance) {}

    /// The members of `paths` or `webhooks`: path items under their names. What they hold besides
    /// operations becomes resources of kind path_item. `place`, the document's, must outlive this.
    void gather_paths(JsonView paths, const Place& place,
                      std::vector<ConvertedResource>& resources);
    void gather_webhooks(JsonView webhooks, const Place& place,
                         std::vector<ConvertedResource>& resources);

    /// The callbacks of the components, whose place must outlive this.
    void gather_callbacks(JsonView callbacks, const Place& place);

    /// Converts what has been gathered.
    void write(std::vector<ConvertedResource>& resources);

private:
    struct Operation {
        Kind kind;
        std::string method;  // in lower case
        std::string path;    // or what stands for it in a name
        std::string origin;  // of a Trigger: a member of its notes
        JsonView item;
        JsonView source;
        const Place* item_place;
        const Place* place;
    };
    /// Where path items stand: what their operations become, and what is noted of them.
    struct Setting {
        Kind kind;
        std::string path;
        std::string origin;
    };
    struct OperationName {
        std::string name;
        std::string original;
    };

    void gather_items(JsonView items, std::string_view section, const Place& place,
                      std::vector<ConvertedResource>& resources);
    void gather_item(JsonView item, const Setting& setting, const Place& place);
    /// `owner` writes the members that say whose callbacks they are.
    template <class Owner>
    void gather_callbacks(JsonView callbacks, const Place& place, Owner owner);
    [[nodiscard]] OperationName name(const Operation& operation, Names& names);
    [[nodiscard]] std::string write(const Operation& operation, const OperationName& name);
    void write_parameters(JsonWriter& json, const Operation& operation, Notes& notes);
    void write_bodies(JsonWriter& json, const Operation& operation, const OperationName& name,
                      Notes& notes);
    [[nodiscard]] const Place& keep(const Place& parent, std::string name);

    Parameters& parameters_;
    Bodies& bodies_;
    Messages& messages_;
    Allowance& allowance_;
    std::vector<Operation> operations_;
    std::deque<Place> places_;
    std::deque<std::string> place_names_;
};

/// Writes the value of a member of `callbacks` without the operations that become Triggers.
void write_callback(JsonWriter& json, const JsonMember& member);

}  // namespace verso::openapi
