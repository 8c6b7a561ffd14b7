#include "engine/publishing.hpp"

#include "domain/resource_reader.hpp"
#include "engine/limits.hpp"
#include "engine/overlay.hpp"

#include <vector>

namespace verso::engine {

namespace {

struct Suspect {
    Kind kind;
    std::string name;
    Overlay::Found found;
};

/// The resources of which it is not known that they are clean.
std::vector<Suspect> suspects(Overlay& overlay) {
    std::vector<Suspect> suspects;
    const content::KeyRange keys = content::section(content::Section::resources);
    overlay.scan(keys, [&](const Overlay::Entry& entry) {
        const auto value = content::ResourceValue::decode(entry.value);
        const auto [kind, name] = content::read_resource_key(entry.key);
        if (has_shape(kind) && value.validation != content::Validation::clean)
            suspects.push_back({kind, std::string(name), {value, entry.locator, entry.pending}});
        return true;
    });
    return suspects;
}

}  // namespace

void check_publishable(View& view, const std::string& version, const tree::Root& root) {
    Overlay overlay(view, root);
    OverlaySurroundings surroundings(overlay);
    Error error{Errc::version_invalid, {}, {}};
    std::size_t errors = 0;
    for (const auto& [kind, name, found] : suspects(overlay)) {
        for (Finding& finding : validate(kind, overlay.text(found), surroundings)) {
            if (finding.severity != Severity::error || ++errors > max_fields) continue;
            error.fields.push_back({std::string(to_string(kind)) + "/" + name + finding.field,
                                    std::move(finding.message)});
        }
    }
    if (errors == 0) return;
    error.message =
        "version \"" + version + "\" has " + std::to_string(errors) +
        " error(s) and stays a draft; correct them first: " + error.fields.front().field + " " +
        error.fields.front().message;
    fail(std::move(error));
}

}  // namespace verso::engine
