#include <verso/openapi.hpp>

#include "domain/document_access.hpp"
#include "domain/failure.hpp"
#include "domain/json_parser.hpp"
#include "domain/json_writer.hpp"
#include "engine/draft_content.hpp"
#include "openapi/convert.hpp"
#include "openapi/pairing.hpp"

#include <algorithm>

namespace verso {

namespace {

using openapi::Conversion;
using openapi::Plan;

/// Tells the host how far it is.
class Progress {
public:
    explicit Progress(const std::function<void(double)>& tell) : tell_(tell) {}

    void at(double part) const {
        if (tell_) tell_(part);
    }

private:
    const std::function<void(double)>& tell_;
};

constexpr double converted_part = 0.5;
constexpr double put_part = 0.8;

/// What the content that the new version starts with needs to become the description's.
Plan make_plan(const Reader& reader, ConnectionId connection, const NewVersion& version,
               const Conversion& conversion) {
    openapi::Pairing pairing(conversion.resources);
    VersionKey source{.connection = connection, .name = {}, .commit = version.from_commit};
    if (version.from_version) source.name = *version.from_version;
    if (version.from_version || source.is_of_lease())
        for (const Kind kind : all_kinds)
            must(reader.each_resource(source, kind, [&](const ResourceView& resource) {
                pairing.add(resource);
                return true;
            }));
    return std::move(pairing).plan();
}

void apply(const Plan& plan, const Conversion& conversion, Draft& draft, const Progress& progress) {
    engine::Batch batch{.forces = true, .is_lenient = true};
    for (const openapi::Present& gone : plan.gone) batch.erases.emplace_back(gone.kind, gone.name);
    batch.puts.reserve(plan.puts.size());
    for (const auto& [index, id] : plan.puts) {
        const openapi::ConvertedResource& resource = conversion.resources[index];
        batch.puts.push_back({resource.kind, id, resource.name, resource.text});
    }
    engine::DraftAccess::content(draft).change(std::move(batch));
    progress.at(put_part);
}

void count(const Plan& plan, const Conversion& conversion, ImportResult& result) {
    result.unchanged = plan.unchanged;
    result.removed = plan.gone.size();
    for (const auto& [index, id] : plan.puts) {
        ++(id ? result.changed : result.added);
        result.changed_bytes += conversion.resources[index].text.size();
    }
    const auto count_kind = [&](Kind kind) {
        return static_cast<std::uint64_t>(std::count_if(
            conversion.resources.begin(), conversion.resources.end(),
            [&](const openapi::ConvertedResource& resource) { return resource.kind == kind; }));
    };
    result.actions = count_kind(Kind::action);
    result.definitions = count_kind(Kind::definition);
}

/// A connection's properties with the first server as baseUrl; none where they have one.
std::optional<Document> with_base_url(const Document& properties, const std::string& base_url) {
    if (properties.member("baseUrl")) return std::nullopt;
    const ParsedJson before(properties.text());
    JsonWriter json;
    json.begin_object();
    for (const auto [key, value] : before.root().members())
        json.raw_key(key.text()).raw(value.text());
    json.key("baseUrl").string(base_url).end_object();
    return DocumentAccess::make(std::move(json).take());
}

ImportResult put(Transaction& transaction, ConnectionId id, const NewVersion& version,
                 const Conversion& conversion, const ImportOptions& options) {
    const Progress progress(options.progress);
    ImportResult result;
    result.messages = conversion.messages;
    const Connection connection = must(transaction.connection(id));
    std::optional<Document> properties;
    if (conversion.base_url)
        properties = with_base_url(connection.properties, *conversion.base_url);
    const auto fill = [&](Draft& draft) -> Result<void> {
        // Before anything is there, since what fails in a write leaves the rest of it.
        if (properties) must(check_limits(properties->text(), engine::DraftAccess::limits(draft)));
        must(draft.annotate(options.note));
        const Plan plan = make_plan(transaction, id, version, conversion);
        count(plan, conversion, result);
        apply(plan, conversion, draft, progress);
        return {};
    };
    result.version = must(transaction.create_version(id, version, fill));
    if (properties) {
        must(transaction.update_connection(id, connection.name, *properties));
        result.messages.push_back(
            {Severity::info, "/servers/0/url",
             "became the connection's property baseUrl, " + *conversion.base_url});
    }
    return result;
}

/// Converts the document, and has `run(conversion)` put it.
template <class Run>
Result<ImportResult> import(std::string_view text, const ImportOptions& options, const Run& run) {
    return guarded([&] {
        const Progress progress(options.progress);
        progress.at(0);
        const Conversion conversion = openapi::convert(text, options.max_bytes);
        progress.at(converted_part);
        ImportResult result = run(conversion);
        progress.at(1);
        return result;
    });
}

}  // namespace

Result<ImportResult> import_openapi(Store& store, ConnectionId connection,
                                    const NewVersion& version, std::string_view text,
                                    const ImportOptions& options) {
    return import(text, options, [&](const Conversion& conversion) {
        return must(store.write([&](Transaction& transaction) {
            return guarded(
                [&] { return put(transaction, connection, version, conversion, options); });
        }));
    });
}

Result<ImportResult> import_openapi(Transaction& transaction, ConnectionId connection,
                                    const NewVersion& version, std::string_view text,
                                    const ImportOptions& options) {
    return import(text, options, [&](const Conversion& conversion) {
        return put(transaction, connection, version, conversion, options);
    });
}

}  // namespace verso
