// Where operations stand in a description: Actions under `paths`, Triggers under `webhooks` or in
// the callbacks that they came from.
//
// An Action's path is the noted one while the Action's is what the import made of it. A parameter
// that a path item declares for all stays there while every operation of the item has it or one of
// its own of that name; else each that has it declares it itself. A Trigger finds the operation
// whose callback it is by path and method, and where these were edited by the callback that waits
// for it; one whose operation is gone becomes a webhook, and one that was never imported is one
// under its own name. (OpenAPI 3.0 has no webhooks: there they are an extra member.)
#pragma once

#include "openapi/export_operation.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace verso::openapi {

/// Lifetime: that of what it was made of. Thread safety: bound
class ExportedPaths {
public:
    /// Failures: those of OperationWriter::make().
    ExportedPaths(const VersionContent& content, OperationWriter& writer);

    // Failures of all: version_invalid, where two operations have one place.
    void add_paths(Members& paths) { add_items(paths, paths_); }
    void add_webhooks(Members& webhooks) { add_items(webhooks, webhooks_); }
    /// The shared callbacks, with the Triggers that they became.
    void add_callbacks(const VersionContent& content, const ExportKeys& keys, Members& callbacks);

    [[nodiscard]] bool has_webhooks() const noexcept { return !webhooks_.list.empty(); }

private:
    using Operations = std::vector<const ExportedOperation*>;
    struct Item {
        std::string key;
        std::optional<JsonView> kept = {};
        Operations operations = {};
    };
    /// Path items in their order.
    struct Items {
        std::deque<Item> list;
        std::unordered_map<std::string, Item*> index;

        Item& at(const std::string& key);
    };
    /// A Trigger that came from the callback of an operation.
    struct Callback {
        ExportedOperation* trigger;
        std::string path;
        std::string method;

        [[nodiscard]] std::string origin() const;
    };

    void gather_actions(const VersionContent& content);
    void gather_triggers(const VersionContent& content);
    void gather_kept_items(const VersionContent& content);
    /// Answers those that find no operation of their path and method.
    [[nodiscard]] std::vector<Callback> give_to_owners(std::vector<Callback> callbacks);
    void give_to_waiting(const std::vector<Callback>& lost);
    void add_webhook(ExportedOperation& trigger);

    void add_items(Members& section, const Items& items);
    [[nodiscard]] std::string write_item(std::optional<JsonView> kept,
                                         const Operations& operations);
    [[nodiscard]] std::string write(const ExportedOperation& operation,
                                    const InheritedParameters& inherited);
    [[nodiscard]] std::string write_callbacks(std::optional<JsonView> kept,
                                              const Operations& triggers);
    [[nodiscard]] std::string write_callback(std::optional<JsonView> kept,
                                             const Operations& triggers);

    OperationWriter& writer_;
    std::deque<ExportedOperation> actions_;
    std::deque<ExportedOperation> triggers_;
    std::unordered_map<std::string, ExportedOperation*> by_place_;  // path, line feed, method
    Items paths_;
    Items webhooks_;
    std::unordered_map<std::string, unsigned> webhooks_tried_;  // by name, line feed, method
    std::map<std::string, Operations> shared_callbacks_;        // by name
};

}  // namespace verso::openapi
