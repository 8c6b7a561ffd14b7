#include "engine/merge_json.hpp"

#include "domain/json_writer.hpp"
#include "domain/resource_json.hpp"

#include <string_view>
#include <utility>

namespace verso {

namespace {

std::string_view to_string(MergeOutcome outcome) noexcept {
    switch (outcome) {
        case MergeOutcome::up_to_date: return "up_to_date";
        case MergeOutcome::merged: return "merged";
        case MergeOutcome::conflicted: return "conflicted";
    }
    return "unknown";
}

}  // namespace

std::string to_json(const MergeReport& report) {
    JsonWriter json;
    json.begin_object().key("outcome").string(to_string(report.outcome));
    json.key("version").raw(to_json(report.version));
    json.key("changes").begin_array();
    for (const Change& change : report.changes) json.raw(to_json(change));
    json.end_array().key("conflicts").begin_array();
    for (const Conflict& conflict : report.conflicts) json.raw(to_json(conflict));
    json.end_array().end_object();
    return std::move(json).take();
}

}  // namespace verso
