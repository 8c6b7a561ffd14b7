#include "openapi/export.hpp"

#include <verso/openapi.hpp>

#include "domain/failure.hpp"

namespace verso {

namespace {

/// The connection's property baseUrl, where it is a string.
std::optional<std::string> base_url_of(const Connection& connection) {
    const ParsedJson properties(connection.properties.text());
    const auto url = properties.root().find("baseUrl");
    return url && url->is_string() ? std::optional(url->string()) : std::nullopt;
}

/// What a lease keeps is of no version that would have a name.
std::string name_of(const Reader& reader, const VersionKey& key) {
    if (key.is_of_lease()) return "commit " + std::to_string(key.commit);
    return must(reader.version(key)).name;
}

openapi::VersionContent read_content(const Reader& reader, const VersionKey& key) {
    const Connection connection = must(reader.connection(key.connection));
    openapi::VersionContent content(
        {connection.name, name_of(reader, key), base_url_of(connection)});
    for (const Kind kind : all_kinds)
        must(reader.each_resource(key, kind, [&](const ResourceView& resource) {
            content.add(resource);
            return true;
        }));
    return content;
}

}  // namespace

Result<std::string> export_openapi(const Reader& reader, const VersionKey& version,
                                   const ExportOptions& options) {
    constexpr double read_part = 0.3;
    const auto tell = [&](double part) {
        if (options.progress) options.progress(part);
    };
    return guarded([&] {
        tell(0);
        const openapi::VersionContent content = read_content(reader, version);
        tell(read_part);
        std::string description = openapi::describe(content);
        tell(1);
        return description;
    });
}

}  // namespace verso
