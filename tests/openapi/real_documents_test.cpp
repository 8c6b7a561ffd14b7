// Goal: real descriptions survive the conversion. Runs on the documents in the folder that
// VERSO_DATA_DIR names.

#include "reconstruction.hpp"
#include "samples.hpp"

#include <verso/domain/names.hpp>
#include <verso/verso.hpp>

#include "domain/resource_reader.hpp"

#include <set>

using namespace verso;
using namespace verso::openapi;
using namespace verso::openapi::test;

TEST_CASE("real documents: they come back member for member", "[openapi]") {
    for (const auto& path : real_documents()) {
        INFO(path.string());
        const std::string text = read_file(path);
        const Conversion conversion = convert(text, max_bytes);
        CHECK(reconstruct(conversion.resources) == json(text));
        std::set<std::pair<Kind, std::string>> names;
        bool all_good = true;
        for (const ConvertedResource& resource : conversion.resources) {
            const ParsedJson parsed(resource.text);
            all_good = all_good && check_shape(resource.kind, parsed.root()).empty() &&
                       check_resource_name(resource.kind, resource.name).has_value() &&
                       names.emplace(resource.kind, resource.name).second;
        }
        CHECK(all_good);
    }
}

TEST_CASE("real documents: a release stores no more than its own changes", "[openapi]") {
    Store store = Store::temporary({.durability = Durability::none}).value();
    const ConnectionId connection = store.create_connection({}, {.name = "API"}).value().id;
    std::string from;
    for (const auto& path : real_documents()) {
        INFO(path.string());
        const std::uint64_t before = stat(store).value().payload_bytes;
        NewVersion version{.name = path.stem().string()};
        if (!from.empty()) version.from_version = from;
        const ImportResult result =
            import_openapi(store, connection, version, read_file(path)).value();
        const std::uint64_t stored = stat(store).value().payload_bytes - before;
        CHECK(stored <= result.changed_bytes);
        CHECK(static_cast<double>(result.changed_bytes) <= 1.05 * static_cast<double>(stored));
        from = version.name;
    }
}
