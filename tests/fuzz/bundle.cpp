// Bundles: one is taken whole, or nothing of it is, and the store is sound after either. The first
// byte says whether it is read in slices; an end line that fits is added.
#include <verso/bundle.hpp>
#include <verso/maintenance.hpp>

#include "engine/bundle/lines.hpp"
#include "fuzz/fuzz.hpp"
#include "tree/sha256.hpp"

#include <algorithm>

using namespace verso;

namespace {

std::string bundle_of(const Store& store, ConnectionId connection) {
    std::string text;
    export_bundle(store, connection, [&](std::string_view bytes) -> Result<void> {
        text += bytes;
        return {};
    }).value();
    return text.erase(text.rfind("{\"end\""));
}

void put(Store& store, const VersionKey& version, Kind kind, std::string_view text) {
    static_cast<void>(store.put(version, kind, Document::parse(text).value()));
}

std::string with_end(std::string_view lines) {
    std::string text(lines);
    if (!text.ends_with('\n')) text += '\n';
    engine::bundle::append_end(
        text, static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')),
        tree::sha256(BytesView(text)));
    return text;
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    Store store = Store::temporary().value();
    const ConnectionId connection = store.create_connection({}, {.name = "C"}).value().id;
    const VersionKey one{connection, "1"};
    store.create_version(connection, {.name = "1"}).value();
    put(store, one, Kind::definition,
        R"({"name":"D","accept":["application/json"],"schema":{"contentType":"application/json","content":{}}})");
    put(store, one, Kind::parameter,
        R"({"name":"p","in":"query","required":false,"type":"string"})");
    put(store, one, Kind::example, R"({"value":1.10})");
    std::string plain = "0" + bundle_of(store, connection);
    store.create_version(connection, {.name = "2", .from_version = "1"}).value();
    put(store, {connection, "2"}, Kind::parameter,
        R"({"name":"q","in":"query","required":true,"type":"string"})");
    static_cast<void>(store.erase(one, Kind::parameter, "p"));
    static_cast<void>(store.merge(one, {connection, "2"}));
    static_cast<void>(store.publish({connection, "2"}));
    std::string whole = "1" + bundle_of(store, connection);
    return {std::move(plain), std::move(whole)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string text = with_end(fuzz::text_of(data + 1, size - 1));
    Store store = Store::temporary().value();
    std::string_view rest = text;
    const BundleSource source = [&](std::span<char> out) -> Result<std::size_t> {
        const std::size_t taken = std::min(out.size(), rest.size());
        std::copy_n(rest.begin(), taken, out.begin());
        rest.remove_prefix(taken);
        return taken;
    };
    BundleImportOptions options;
    if (data[0] % 2 == 1) options.slice_bytes = 100;
    const auto imported = import_bundle(store, source, options);
    collect_garbage(store).value();
    fuzz::require(verify(store).value().is_clean());
    if (!imported) fuzz::require(stat(store).value().connections == 0);
    return 0;
}
